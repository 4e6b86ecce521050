/** Names of files: which a person may give, and how any name is shown. */
import { words } from '../i18n/files';

const MAX_PATH_CHARS = 400;
const MAX_PART_CHARS = 120;

/** Characters that are not seen but change what is: direction marks, joiners, line separators. */
const UNSEEN = /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** What is wrong with a name that a person typed, in words; empty when nothing is. */
export function wrongWith(path: string): string {
  if (path === '') return words.nameEmpty;
  if (UNSEEN.test(path) || CONTROL.test(path) || !path.isWellFormed()) return words.nameUnseen;
  if (path.includes('\\')) return words.nameBackslash;
  const parts = path.split('/');
  if (parts.some((part) => part === '.' || part === '..')) return words.nameOutside;
  if (parts.some((part) => part.trim() === '')) return words.nameParts;
  if (parts.some((part) => part !== part.trim())) return words.nameSpaces;
  const longest = Math.max(...parts.map(({ length }) => length));
  if (longest > MAX_PART_CHARS) return words.nameLong(longest, MAX_PART_CHARS);
  if (path.length > MAX_PATH_CHARS) return words.nameLong(path.length, MAX_PATH_CHARS);
  return '';
}

/** A name as it is shown: characters that would not be seen are written out. */
export function shown(path: string): string {
  const written = (char: string) =>
    `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  return path.replace(new RegExp(UNSEEN, 'g'), written).replace(new RegExp(CONTROL, 'g'), written);
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path, or with a number before its ending where that is taken: `a.txt`, `a 2.txt`. */
export function freePath(path: string, taken: (path: string) => boolean): string {
  if (!taken(path)) return path;
  const folder = folderOf(path);
  const [, stem = '', ending = ''] = /^(.+?)(\.[^.]*)?$/s.exec(baseOf(path)) ?? [];
  for (let number = 2; ; number += 1) {
    const candidate = `${folder}${stem} ${number}${ending}`;
    if (!taken(candidate)) return candidate;
  }
}
