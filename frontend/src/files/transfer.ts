/** Bytes between the session and the person's disk: what was chosen or dropped, and downloads. */
import type { Chosen } from './uploads.svelte';

/** Folders are entered at most so deep, and so many files are listed at most. */
const MAX_DEPTH = 12;
const MAX_LISTED = 1_000;

/** The files of a file input: a chosen folder keeps its shape. */
export function chosenFiles(input: HTMLInputElement): Chosen[] {
  return [...(input.files ?? [])].map((file) => ({
    path: file.webkitRelativePath || file.name,
    file,
  }));
}

/** The files that were dropped, those in folders too, with their paths. */
export async function droppedFiles(data: DataTransfer): Promise<Chosen[]> {
  // The list of a drop is emptied after this turn, so all entries are taken at once.
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const entries = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found: Chosen[] = [];
  for (const { entry, file } of entries) {
    if (entry?.isDirectory) await list(entry as FileSystemDirectoryEntry, found, MAX_DEPTH);
    else if (file) found.push({ path: file.name, file });
  }
  return found;
}

async function list(folder: FileSystemDirectoryEntry, found: Chosen[], deep: number) {
  const reader = folder.createReader();
  for (;;) {
    // A reader gives a part at a time, and nothing at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (!entries.length) return;
    for (const entry of entries) {
      if (found.length >= MAX_LISTED) return;
      const path = entry.fullPath.replace(/^\//, '');
      if (entry.isDirectory && deep > 0)
        await list(entry as FileSystemDirectoryEntry, found, deep - 1);
      else if (entry.isFile) {
        const file = await fileOf(entry as FileSystemFileEntry);
        if (file) found.push({ path, file });
      }
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File | null> {
  return new Promise((resolve) => entry.file(resolve, () => resolve(null)));
}

/** Gives a file to the browser's downloads, under the last part of its path. */
export function download(path: string, content: BlobPart | Blob): void {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content]));
  const link = document.createElement('a');
  link.href = address;
  link.download = path.split('/').at(-1) ?? path;
  link.click();
  // The browser reads the address after this turn; a minute is long enough to start.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export interface Packed {
  path: string;
  modifiedAt: number;
  bytes: ArrayBuffer;
}

/** A zip of the files; the code for it is loaded when it is wanted. */
export async function zip(files: AsyncIterable<Packed>): Promise<Blob> {
  const { downloadZip } = await import('client-zip');
  return downloadZip(named(files)).blob();
}

async function* named(files: AsyncIterable<Packed>) {
  for await (const { path, modifiedAt, bytes } of files)
    yield { name: path, lastModified: new Date(modifiedAt), input: bytes };
}
