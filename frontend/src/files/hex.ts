/** Bytes as people look at them: sixteen in a line, as numbers and as letters. */
export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const numbers = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = part.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·'));
    const place = at.toString(16).padStart(4, '0');
    lines.push(`${place}  ${numbers.padEnd(47)}  ${letters.join('')}`);
  }
  return lines.join('\n');
}
