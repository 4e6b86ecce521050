/** What an opened file is shown as: told by its bytes, and where they do not say it by its name. */
import { words } from '../i18n/files';
import { baseOf } from './names';
import { decode, decodeExactly, MAX_EDIT_BYTES } from './text';

export type Shown =
  | { kind: 'text'; text: string }
  | { kind: 'table'; text: string; editable: boolean }
  | { kind: 'json'; text: string }
  | { kind: 'image'; bytes: ArrayBuffer; type: string }
  /** Text that is only read, with the reason. */
  | { kind: 'excerpt'; text: string; why: string }
  | { kind: 'binary'; head: Uint8Array; size: number };

/** Bytes of a file that is only looked at. */
const EXCERPT_BYTES = 100_000;
const HEAD_BYTES = 512;

const IMAGES: readonly [type: string, starts: RegExp][] = [
  ['image/png', /^\x89PNG/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF.{4}WEBP/s],
  ['image/bmp', /^BM.{4}\0\0\0\0/s],
  ['image/avif', /^.{4}ftypavif/s],
  // eslint-disable-next-line no-control-regex -- these bytes are its mark
  ['image/x-icon', /^\0\0\x01\0/],
];

export function shownAs(path: string, bytes: ArrayBuffer): Shown {
  const name = baseOf(path).toLowerCase();
  const image = imageType(bytes);
  if (image) return { kind: 'image', bytes, type: image };
  const large = bytes.byteLength > MAX_EDIT_BYTES;
  const exact = large ? null : decodeExactly(bytes);
  if (name.endsWith('.svg') && exact?.includes('<svg'))
    return { kind: 'image', bytes, type: 'image/svg+xml' };
  const decoded = decode(large ? beginning(bytes) : bytes);
  if (!decoded)
    return {
      kind: 'binary',
      head: new Uint8Array(bytes.slice(0, HEAD_BYTES)),
      size: bytes.byteLength,
    };
  if (/\.(csv|tsv|tab)$/.test(name))
    return { kind: 'table', text: decoded.text, editable: exact !== null };
  if (exact?.trim() && /\.(json|geojson|ipynb)$/.test(name)) return { kind: 'json', text: exact };
  if (exact !== null) return { kind: 'text', text: exact };
  const why = large ? words.longText(bytes.byteLength) : words.otherText(decoded.encoding);
  return { kind: 'excerpt', text: decoded.text.slice(0, EXCERPT_BYTES), why };
}

/** The first bytes, cut where no character of UTF-8 is cut in two. */
function beginning(bytes: ArrayBuffer): ArrayBuffer {
  const head = new Uint8Array(bytes, 0, Math.min(bytes.byteLength, MAX_EDIT_BYTES));
  const end = head.lastIndexOf(10);
  return bytes.slice(0, end > 0 ? end + 1 : head.length);
}

function imageType(bytes: ArrayBuffer): string | null {
  const start = String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)));
  return IMAGES.find(([, starts]) => starts.test(start))?.[0] ?? null;
}
