/** Bytes as people read them: lines of an address, eight numbers, and the letters they spell. */
export interface HexLine {
  address: string;
  bytes: string;
  letters: string;
}

const PER_LINE = 8;

export function hexLines(hex: string, start: number): HexLine[] {
  const bytes = hex.match(/../g) ?? [];
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const some = bytes.slice(at, at + PER_LINE);
    lines.push({
      address: (start + at).toString(16).padStart(6, '0'),
      bytes: some.join(' '),
      letters: some.map(letter).join(''),
    });
  }
  return lines;
}

function letter(byte: string): string {
  const code = parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}
