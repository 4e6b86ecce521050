/**
 * Fetches the files that Python starts from, once for the life of the page.
 *
 * The page fetches them, not the frame: an opaque origin has no HTTP cache in Chromium. They are
 * kept, so that a new runtime after a kill asks for nothing; as blobs, whose bytes the browser holds
 * outside the page and hands to the worker without a copy in between.
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
  snapshot: { heapBytes: number; bytes: number; reason: string | null };
}

declare global {
  interface Window {
    /** What was asked for, by address: the script in the page's HTML has begun (pages/early.ts). */
    pythonFiles?: Map<string, Promise<Blob>>;
  }
}

const fetched = (window.pythonFiles ??= new Map());

/**
 * Hands each file to `send` as soon as it is here, so that Python's start overlaps with the
 * download. Rejects when a file cannot be had.
 */
export async function sendFiles(
  distribution: Distribution,
  send: (role: FileRole, content: Blob) => void,
): Promise<void> {
  const files = [...addresses(distribution)];
  await Promise.all(files.map(async ([role, url]) => send(role, await content(url))));
}

/** Where each file lies, first those that most of the work waits for. */
function addresses({ base, files, wheels }: Distribution): Map<FileRole, string> {
  const { wasm, snapshot, asm, ...others } = files;
  const packages = wheels.map(({ file }, i): [FileRole, string] => [`wheel${i}`, file]);
  const named: [string, string | undefined][] = [
    ['wasm', wasm],
    ['snapshot', snapshot],
    ['asm', asm],
    ...Object.entries(others),
    ...packages,
  ];
  return new Map(
    named.flatMap(([role, name]) => (name ? [[role as FileRole, base + name] as const] : [])),
  );
}

/** What to tell the worker before the files. */
export function planOf({ files, wheels, snapshot }: Distribution): BootPlan {
  const none = snapshot.reason ?? 'the distribution has no memory snapshot';
  const noSnapshot = files.snapshot ? null : none;
  return { wheels: wheels.length, noSnapshot };
}

function content(url: string): Promise<Blob> {
  const known = fetched.get(url);
  if (known) return known;
  const asked = fetchContent(url);
  fetched.set(url, asked);
  // What failed is asked for again by the next boot.
  asked.catch(() => fetched.delete(url));
  return asked;
}

async function fetchContent(url: string): Promise<Blob> {
  const response = await fetch(url, { credentials: 'omit' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.blob();
}
