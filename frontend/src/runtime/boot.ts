/**
 * Starts Pyodide inside the worker, from bytes alone.
 *
 * It starts from the memory snapshot when there is one; when that fails for whatever reason, it
 * starts plainly and says why. Much here works around Pyodide's assumptions: that it may fetch, that
 * workers are modules, and that memory can be made as large as a snapshot.
 */
import { Image } from './image';
import type { BootPlan, FileRole, Start } from './messages';

/** What is used of a Python object. */
export interface PyCallable {
  (...args: unknown[]): unknown;
  callPromising(...args: unknown[]): Promise<unknown>;
}

export interface Pyodide {
  pyimport(name: string): Record<string, PyCallable>;
  runPython(code: string): unknown;
  FS: {
    mkdirTree(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
  };
  setInterruptBuffer(buffer: { 0: number }): void;
  /** Lets a requested KeyboardInterrupt happen now. */
  checkInterrupt(): void;
  _api: { on_fatal?: (error: unknown) => void };
}

interface WasmModule {
  _malloc(bytes: number): number;
  /** Grows the part of memory that is in use, and gives where it ended. */
  _sbrk(bytes: number): number;
  HEAP8: Int8Array;
}

interface WorkerScope {
  URL: typeof URL;
  fetch: typeof fetch;
  importScripts(...urls: string[]): void;
}

type Instantiate = typeof WebAssembly.instantiateStreaming;

interface Settings {
  API: { restoreSnapshot(snapshot: Uint8Array): unknown };
}

type CreateModule = (settings: Settings) => Promise<WasmModule>;
type LoadPyodide = (options: Record<string, unknown>) => Promise<Pyodide>;

/** An address that nothing resolves: all that Pyodide asks below it is answered from memory. */
const NOWHERE = 'https://runtime.invalid/';

/** The folder of our wheels in Python's file system. */
const WHEELS = '/lib/wheels';

/** The largest step by which memory grows for a snapshot, in bytes. */
const GROWTH_STEP = 4 * 1024 * 1024;

/** The longest module that is looked for among those compiled before, in bytes. */
const SMALL = 100;

/** The files as they come in. */
export class Files {
  readonly #files = new Map<FileRole, PromiseWithResolvers<Blob>>();

  get(role: FileRole): Promise<Blob> {
    return this.#of(role).promise;
  }

  async bytes(role: FileRole): Promise<ArrayBuffer> {
    return (await this.get(role)).arrayBuffer();
  }

  put(role: FileRole, content: Blob): void {
    this.#of(role).resolve(content);
  }

  #of(role: FileRole): PromiseWithResolvers<Blob> {
    const known = this.#files.get(role) ?? Promise.withResolvers<Blob>();
    this.#files.set(role, known);
    return known;
  }
}

/** Boots, and gives Pyodide with word on how. Rejects when Python cannot start at all. */
export async function boot(
  plan: BootPlan,
  files: Files,
): Promise<{ pyodide: Pyodide; start: Start }> {
  const began = performance.now();
  const restore = pretendModuleWorker(files);
  try {
    const { pyodide, reason } = await load(plan, files);
    await addWheels(pyodide, plan, files, reason !== undefined);
    const kind = reason === undefined ? 'snapshot' : 'plain';
    const bootMs = performance.now() - began;
    return { pyodide, start: reason === undefined ? { kind, bootMs } : { kind, reason, bootMs } };
  } finally {
    restore();
  }
}

async function load(
  { noSnapshot }: BootPlan,
  files: Files,
): Promise<{ pyodide: Pyodide; reason?: string }> {
  const loader = importFile<{ loadPyodide: LoadPyodide }>(await files.get('loader'));
  const asm = importFile<{ default: CreateModule }>(await files.get('asm'));
  const [{ loadPyodide }, { default: create }] = await Promise.all([loader, asm]);
  const lockFileContents = await (await files.get('lock')).text();
  const options = { indexURL: NOWHERE, lockFileContents, ...silence() };
  let reason = noSnapshot;
  if (reason === null) {
    try {
      const image = files.bytes('snapshot').then((bytes) => new Image(bytes));
      const createPyodideModule = withHeap(create, image);
      // Pyodide would wait for a snapshot before it makes the module: this one is put in its place.
      const placeholder = new Uint8Array(1);
      const restored = { ...options, createPyodideModule, _loadSnapshot: placeholder };
      return { pyodide: await loadPyodide(restored) };
    } catch (error) {
      reason = `the memory snapshot could not be used: ${String(error)}`;
    }
  }
  return { pyodide: await loadPyodide({ ...options, createPyodideModule: create }), reason };
}

/**
 * Puts the wheels where `make_snapshot.mjs` has told Python to look for them; after a plain start
 * nobody has. They stay packed: what sessions import of them is in the snapshot, and Python reads zip
 * files.
 */
async function addWheels(
  pyodide: Pyodide,
  { wheels }: BootPlan,
  files: Files,
  plain: boolean,
): Promise<void> {
  pyodide.FS.mkdirTree(WHEELS);
  for (let i = 0; i < wheels; i += 1) {
    const path = `${WHEELS}/wheel${i}.whl`;
    pyodide.FS.writeFile(path, new Uint8Array(await files.bytes(`wheel${i}`)));
    if (plain) pyodide.runPython(`import sys\nsys.path.append("${path}")\ndel sys`);
  }
}

/**
 * Has Pyodide restore the image. Memory grows to its size before; Pyodide means to do that by
 * `INITIAL_MEMORY`, which its WebAssembly ignores.
 */
function withHeap(create: CreateModule, image: Promise<Image>): CreateModule {
  return async (settings) => {
    const [module, heap] = await Promise.all([begin(create, settings), image]);
    while (module.HEAP8.length < heap.heapBytes)
      if (!module._malloc(Math.min(GROWTH_STEP, heap.heapBytes))) throw new Error('no memory');
    const { restoreSnapshot } = settings.API;
    settings.API.restoreSnapshot = () => {
      // It checks the header, and copies the heap that follows it: none here.
      const known = restoreSnapshot(heap.header);
      // Beyond what is in use nothing was ever written.
      heap.copyTo(module.HEAP8, module._sbrk(0) >>> 0);
      return known;
    };
    return module;
  };
}

/**
 * Begins to make the module. The first thing it does is to derive an address from its own, which a
 * blob's refuses; it would go on, but V8 reads a megabyte of source again to say where that happened.
 */
function begin(create: CreateModule, settings: Settings): Promise<WasmModule> {
  const scope = self as unknown as WorkerScope;
  const { URL } = scope;
  scope.URL = new Proxy(URL, {
    construct: (make, [url, base]: [string, string?]) =>
      new make(url, base?.startsWith('blob:') ? NOWHERE : base),
  });
  try {
    return create(settings);
  } finally {
    scope.URL = URL;
  }
}

/** Imports a module; the type of its blob is that of the server's answer. */
async function importFile<Exports>(content: Blob): Promise<Exports> {
  const url = URL.createObjectURL(content);
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
function pretendModuleWorker(files: Files): () => void {
  const scope = self as unknown as WorkerScope;
  const { fetch, importScripts } = scope;
  const { instantiateStreaming, Module } = WebAssembly;
  // The largest piece of work begins as soon as its file is here, whatever else is missing.
  const compiled = WebAssembly.compileStreaming(respond(files.get('wasm'), 'application/wasm'));
  compiled.catch(() => undefined);
  const instantiate: Instantiate = async (_, imports) => {
    const module = await compiled;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  WebAssembly.instantiateStreaming = instantiate;
  WebAssembly.Module = onceEach(Module);
  scope.fetch = (request) => {
    const url = request instanceof Request ? request.url : String(request);
    if (url === `${NOWHERE}pyodide.asm.wasm`) return Promise.resolve(new Response());
    if (url === `${NOWHERE}python_stdlib.zip`)
      return respond(files.get('stdlib'), 'application/zip');
    return Promise.reject(new TypeError(`there is no ${url}`));
  };
  scope.importScripts = () => {
    throw new TypeError('a module worker has no importScripts');
  };
  return () => {
    Object.assign(scope, { fetch, importScripts });
    Object.assign(WebAssembly, { instantiateStreaming, Module });
  };
}

/**
 * Compiles the same small bytes once. Pyodide makes hundreds of modules that turn a JavaScript
 * function into one that a table may hold, of some fifty kinds.
 */
function onceEach(Module: typeof WebAssembly.Module): typeof WebAssembly.Module {
  const known = new Map<string, WebAssembly.Module>();
  return new Proxy(Module, {
    construct(make, [bytes]: [BufferSource]) {
      if (!(bytes instanceof Uint8Array) || bytes.length > SMALL) return new make(bytes);
      const key = bytes.join();
      const module = known.get(key) ?? new make(bytes);
      known.set(key, module);
      return module;
    },
  });
}

async function respond(content: Promise<Blob>, type: string): Promise<Response> {
  return new Response(await content, { headers: { 'content-type': type } });
}

/** What is written past Python's own streams has no reader here. */
function silence(): Record<string, () => void> {
  const ignore = () => undefined;
  return { stdout: ignore, stderr: ignore };
}
