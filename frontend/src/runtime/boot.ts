/**
 * Starts Pyodide inside the worker, from bytes alone.
 *
 * It starts from the memory snapshot when there is one; when that fails for whatever reason, it
 * starts plainly and says why. Much here works around Pyodide's assumptions: that it may fetch, that
 * workers are modules, and that memory can be made as large as a snapshot.
 */
import type { BootFiles, Start } from './messages';

/** What is used of a Python object. */
export interface PyCallable {
  (...args: unknown[]): unknown;
  callPromising(...args: unknown[]): Promise<unknown>;
}

export interface Pyodide {
  pyimport(name: string): Record<string, PyCallable>;
  unpackArchive(bytes: ArrayBuffer, format: 'wheel'): void;
  setInterruptBuffer(buffer: { 0: number }): void;
  /** Lets a requested KeyboardInterrupt happen now. */
  checkInterrupt(): void;
  _api: { on_fatal?: (error: unknown) => void };
}

interface WasmModule {
  _malloc(bytes: number): number;
  HEAP8: Int8Array;
}

interface WorkerScope {
  fetch: typeof fetch;
  importScripts(...urls: string[]): void;
}

type CreateModule = (settings: unknown) => Promise<WasmModule>;
type LoadPyodide = (options: Record<string, unknown>) => Promise<Pyodide>;

/** An address that nothing resolves: all that Pyodide asks below it is answered from memory. */
const NOWHERE = 'https://runtime.invalid/';

/** The largest step by which memory grows for a snapshot, in bytes. */
const GROWTH_STEP = 4 * 1024 * 1024;

/** Boots, and gives Pyodide with word on how. Rejects when Python cannot start at all. */
export async function boot(files: BootFiles): Promise<{ pyodide: Pyodide; start: Start }> {
  const began = performance.now();
  const restore = pretendModuleWorker(files);
  try {
    const { loadPyodide } = await importBytes<{ loadPyodide: LoadPyodide }>(files.loader);
    const { default: create } = await importBytes<{ default: CreateModule }>(files.asm);
    const lock = new TextDecoder().decode(files.lock);
    const options = { indexURL: NOWHERE, lockFileContents: lock, ...silence() };
    const { pyodide, reason } = await load(loadPyodide, create, options, files.snapshot);
    for (const wheel of files.wheels) pyodide.unpackArchive(wheel, 'wheel');
    const kind = reason === undefined ? 'snapshot' : 'plain';
    const bootMs = performance.now() - began;
    return { pyodide, start: reason === undefined ? { kind, bootMs } : { kind, reason, bootMs } };
  } finally {
    restore();
  }
}

async function load(
  loadPyodide: LoadPyodide,
  create: CreateModule,
  options: Record<string, unknown>,
  snapshot: ArrayBuffer | null,
): Promise<{ pyodide: Pyodide; reason?: string }> {
  let reason = 'the distribution has no memory snapshot';
  if (snapshot) {
    try {
      const createPyodideModule = withHeap(create, snapshot);
      const restored = { ...options, createPyodideModule, _loadSnapshot: snapshot };
      return { pyodide: await loadPyodide(restored) };
    } catch (error) {
      reason = `the memory snapshot could not be used: ${String(error)}`;
    }
  }
  return { pyodide: await loadPyodide({ ...options, createPyodideModule: create }), reason };
}

/**
 * Grows the memory to the size of the snapshot's before that is copied in. Pyodide means to do it by
 * `INITIAL_MEMORY`, which its WebAssembly ignores.
 */
function withHeap(create: CreateModule, snapshot: ArrayBuffer): CreateModule {
  const header = new DataView(snapshot).getUint32(4, true);
  const needed = snapshot.byteLength - header;
  return async (settings) => {
    const module = await create(settings);
    while (module.HEAP8.length < needed)
      if (!module._malloc(Math.min(GROWTH_STEP, needed))) throw new Error('no memory');
    // What is beyond the snapshot counts as never used.
    module.HEAP8.fill(0, needed);
    return module;
  };
}

/** Imports a module from its bytes. */
async function importBytes<Exports>(bytes: ArrayBuffer): Promise<Exports> {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }));
  try {
    return (await import(/* @vite-ignore */ url)) as Exports;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Answers Pyodide's fetches from `files`, and hides that this is a classic worker: Chromium loads no
 * module worker from a blob of an opaque origin. Gives a function that undoes it.
 */
function pretendModuleWorker(files: BootFiles): () => void {
  const scope = self as unknown as WorkerScope;
  const { fetch, importScripts } = scope;
  scope.fetch = (request) => {
    const url = request instanceof Request ? request.url : String(request);
    if (url === `${NOWHERE}pyodide.asm.wasm`) return respond(files.wasm, 'application/wasm');
    if (url === `${NOWHERE}python_stdlib.zip`) return respond(files.stdlib, 'application/zip');
    return Promise.reject(new TypeError(`there is no ${url}`));
  };
  scope.importScripts = () => {
    throw new TypeError('a module worker has no importScripts');
  };
  return () => Object.assign(scope, { fetch, importScripts });
}

function respond(bytes: ArrayBuffer, type: string): Promise<Response> {
  return Promise.resolve(new Response(bytes, { headers: { 'content-type': type } }));
}

/** What is written past Python's own streams has no reader here. */
function silence(): Record<string, () => void> {
  const ignore = () => undefined;
  return { stdout: ignore, stderr: ignore };
}
