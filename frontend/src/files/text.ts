/** Bytes of a file as text to look at or to edit, and back. */

/** A file whose text is edited; a larger one is shown in part. */
export const MAX_EDIT_BYTES = 1_000_000;

/** Text as an editor holds it: lines end with `\n` alone. */
export function plain(raw: string): string {
  return raw.replace(/\r\n?/g, '\n');
}

/** How the lines of a file end: as most of them do. */
export function lineEnd(raw: string): '\n' | '\r\n' {
  const windows = raw.split('\r\n').length - 1;
  return windows * 2 > raw.split('\n').length - 1 ? '\r\n' : '\n';
}

/** The editor's text as the file has it. */
export function withLineEnd(text: string, end: '\n' | '\r\n'): string {
  return end === '\n' ? text : text.replaceAll('\n', end);
}

export function encode(text: string): ArrayBuffer {
  return new TextEncoder().encode(text.toWellFormed()).buffer;
}

/** The text of UTF-8 bytes with the byte order mark kept; null when they are no such text. */
export function decodeExactly(bytes: ArrayBuffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return looksBinary(text) ? null : text;
  } catch {
    return null;
  }
}

export interface Decoded {
  text: string;
  encoding: 'UTF-8' | 'UTF-16' | 'Latin-1';
}

/**
 * The text of bytes in the encodings that tables come in; null for what is no text. Latin-1 takes
 * all bytes, so it is believed only where no control characters come out.
 */
export function decode(bytes: ArrayBuffer): Decoded | null {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (first === 0xff && second === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' };
  if (first === 0xfe && second === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'UTF-16' };
  const exact = decodeExactly(bytes);
  if (exact !== null) return { text: exact.replace(/^\ufeff/, ''), encoding: 'UTF-8' };
  const text = new TextDecoder('windows-1252').decode(bytes);
  return looksBinary(text) ? null : { text, encoding: 'Latin-1' };
}

/** Control characters other than tab, line ends, form feed and escape are in no text. */
function looksBinary(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text.slice(0, 100_000));
}
