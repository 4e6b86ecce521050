/** How many elements a value has, in words. */
import { words } from '../i18n/variables';

/** `1,000 items`, `12 characters`, `3 × 4`; empty when there is nothing to say. */
export function shapeText({ type, shape }: { type: string; shape: string | null }): string {
  if (shape === null) return '';
  const axes = shape.split('×');
  if (axes.length > 1) return axes.join(' × ');
  const length = Number(shape);
  if (!Number.isSafeInteger(length) || length < 0) return '';
  if (type === 'str') return words.characters(length);
  if (type === 'bytes' || type === 'bytearray') return words.byteCount(length);
  return words.items(length);
}
