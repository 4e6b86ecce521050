/**
 * Fetches the files that Python starts from, once for the life of the page.
 *
 * The page fetches them, not the frame: an opaque origin has no HTTP cache in Chromium. They stay in
 * memory, so that a new runtime after a kill asks for nothing.
 */
import type { BootFiles } from './messages';

/** `current.json` of docs/runtime.md: what the server has put into the page. */
export interface Distribution {
  /** Hash of Pyodide and the wheels; saved snapshots carry it. */
  hash: string;
  /** Version of Python. */
  version: string;
  pyodide: string;
  /** Address below which the files lie. */
  base: string;
  files: {
    loader: string;
    asm: string;
    wasm: string;
    stdlib: string;
    lock: string;
    snapshot?: string;
  };
  wheels: { name: string; file: string }[];
  snapshot: { heapBytes: number; reason: string | null };
}

const fetched = new Map<string, Promise<ArrayBuffer>>();

/** The files of a distribution. They are kept: whoever passes them on sends copies. */
export async function bootFiles(distribution: Distribution): Promise<BootFiles> {
  const { files, wheels } = distribution;
  const get = (name: string) => bytes(distribution.base + name);
  const [loader, asm, wasm, stdlib, lock, snapshot, ...rest] = await Promise.all([
    get(files.loader),
    get(files.asm),
    get(files.wasm),
    get(files.stdlib),
    get(files.lock),
    files.snapshot ? get(files.snapshot) : null,
    ...wheels.map(({ file }) => get(file)),
  ]);
  return { loader, asm, wasm, stdlib, lock, snapshot, wheels: rest };
}

/** All buffers of `files`, for a transfer list. */
export function buffersOf(files: BootFiles): ArrayBuffer[] {
  const { wheels, ...single } = files;
  return [...Object.values(single), ...wheels].filter((buffer) => buffer !== null);
}

function bytes(url: string): Promise<ArrayBuffer> {
  const known = fetched.get(url);
  if (known) return known;
  const asked = fetchBytes(url);
  fetched.set(url, asked);
  // What failed is asked for again by the next boot.
  asked.catch(() => fetched.delete(url));
  return asked;
}

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url, { credentials: 'omit' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.arrayBuffer();
}
