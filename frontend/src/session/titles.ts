/**
 * What may be a title, said before anything is sent; `sessions_app/titles.py` decides the same.
 *
 * Joiners and marks of direction that belong to single letters are parts of words and emoji. What
 * turns the rest of a line around, or breaks it, is not.
 */
import { words } from '../i18n/sharing';

export const MAX_TITLE = 200;

const PART_OF_WORDS = /\u200c|\u200d|\u200e|\u200f|\u061c/gu;
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** Why this cannot be a title, in a sentence; null when it can. */
export function titleProblem(title: string): string | null {
  const length = [...title].length;
  if (length > MAX_TITLE) return words.titleTooLong(MAX_TITLE, length);
  const plain = title.replace(PART_OF_WORDS, '');
  if (HIDDEN.test(plain)) return words.titleHidden;
  return plain.trim() === '' ? words.titleEmpty : null;
}
