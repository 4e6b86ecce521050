/** Bytes between the page's file functions and the person's disk. */

/** The bytes of a file as `files.read` gives them. */
export function toBytes(value: unknown): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (Array.isArray(value)) return Uint8Array.from(value as number[]);
  throw new TypeError('The file could not be read.');
}

/** Where an uploaded file goes: a chosen folder keeps its shape. */
export function pathOf(file: File): string {
  return file.webkitRelativePath || file.name;
}

/** Gives a file to the browser's downloads, under the last part of its path. */
export function download(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([bytes]));
  const link = document.createElement('a');
  link.href = address;
  link.download = path.split('/').at(-1) ?? path;
  link.click();
  // The browser reads the address after this turn; a minute is long enough to start.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
