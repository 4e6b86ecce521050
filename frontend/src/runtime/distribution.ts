/**
 * Fetches the files that Python starts from, once for the life of the page.
 *
 * The page fetches them, not the frame: an opaque origin has no HTTP cache in Chromium. They stay in
 * memory, so that a new runtime after a kill asks for nothing.
 */
import type { BootPlan, FileRole } from './messages';

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

/**
 * Hands each file to `send` as soon as it is here, so that Python's start overlaps with the
 * download. The bytes are kept: `send` passes copies on. Rejects when a file cannot be had.
 */
export async function sendFiles(
  distribution: Distribution,
  send: (role: FileRole, bytes: ArrayBuffer) => void,
): Promise<void> {
  const roles = Object.entries(distribution.files) as [FileRole, string | undefined][];
  const wheels = distribution.wheels.map(({ file }, i): [FileRole, string] => [`wheel${i}`, file]);
  const urls = new Map([...roles, ...wheels].filter(([, name]) => name !== undefined));
  const pass = async (role: FileRole): Promise<void> => {
    const name = urls.get(role);
    if (name !== undefined) send(role, await bytes(distribution.base + name));
  };
  const wasm = pass('wasm');
  const others = [...urls.keys()].filter((role) => role !== 'wasm' && role !== 'snapshot');
  await Promise.all([
    wasm,
    ...others.map(pass),
    // The largest file waits for the second largest, which can be compiled meanwhile.
    wasm.then(() => pass('snapshot')),
  ]);
}

/** What to tell the worker before the files. */
export function planOf({ files, wheels, snapshot }: Distribution): BootPlan {
  const none = snapshot.reason ?? 'the distribution has no memory snapshot';
  return { wheels: wheels.length, noSnapshot: files.snapshot ? null : none };
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
