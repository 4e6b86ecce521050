/** The file list as it is shown: files of the home folder first, then folder after folder. */
import type { FileRow } from '../protocol.gen';
import { folderOf } from './names';

export interface Folder {
  /** With a `/` at its end; empty for the home folder. */
  path: string;
  rows: FileRow[];
}

export function folders(rows: readonly FileRow[]): Folder[] {
  const found = new Map<string, FileRow[]>();
  for (const row of rows) {
    const path = folderOf(row.path);
    found.set(path, [...(found.get(path) ?? []), row]);
  }
  return [...found]
    .map(([path, inside]) => ({ path, rows: inside }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
