/** Which form of a mimebundle is shown, and how its value becomes an image's address. */
import type { BlobRef } from '../protocol.gen';
import type { Bundle } from './blocks';
import { TABLE, TREE } from './structure';

const RICHEST_FIRST = [
  'text/html',
  'image/svg+xml',
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'text/markdown',
  'text/latex',
  TABLE,
  TREE,
  'application/json',
  'text/plain',
];

export type Form = 'html' | 'image' | 'markdown' | 'latex' | 'table' | 'tree' | 'json' | 'text';

const FORMS: Record<string, Form> = {
  'text/html': 'html',
  'text/markdown': 'markdown',
  'text/latex': 'latex',
  [TABLE]: 'table',
  [TREE]: 'tree',
  'application/json': 'json',
};

/** The value is at hand (`inline`) or fetched when it is needed (`blob`). */
export type Chosen = { mime: string; form: Form } & (
  { inline: string; blob?: never } | { blob: BlobRef; inline?: never }
);

/** The richest form that can be shown safely; any text when none is known. */
export function choose({ data, blobs }: Bundle): Chosen | null {
  const has = (mime: string) => Object.hasOwn(data, mime) || Object.hasOwn(blobs, mime);
  const others = [...Object.keys(data), ...Object.keys(blobs)];
  const mime = RICHEST_FIRST.find(has) ?? others.find((name) => name.startsWith('text/'));
  if (!mime) return null;
  const inline = data[mime];
  if (inline !== undefined) return { mime, form: formOf(mime), inline };
  const blob = blobs[mime];
  return blob ? { mime, form: formOf(mime), blob } : null;
}

function formOf(mime: string): Form {
  return FORMS[mime] ?? (mime.startsWith('image/') ? 'image' : 'text');
}

/** A data address of an image; nbformat has raster images as base64 and SVG as text. */
export function imageAddress(mime: string, value: string): string {
  if (mime === 'image/svg+xml')
    return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(value.toWellFormed())}`;
  return `data:${mime};base64,${value.replace(/\s+/g, '')}`;
}

/** The bytes of an image that a blob holds, as something an image element can show. */
export function imageBlob(mime: string, text: string): Blob {
  if (mime === 'image/svg+xml') return new Blob([text], { type: mime });
  const bytes = Uint8Array.from(atob(text.replace(/\s+/g, '')), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: mime });
}
