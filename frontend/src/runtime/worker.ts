/**
 * The worker: owns Pyodide and passes calls to `playground_runtime.bridge`.
 *
 * User code runs in this same global scope and may change everything it can reach. So all that the
 * worker itself needs is held in closures, bound before any user code runs: the port to the frame
 * above all. The worker's global `postMessage` leads nowhere. Still, whatever leaves here is a claim.
 */
import { words } from '../i18n/runtime';
import { boot, Files, type PyCallable, type Pyodide } from './boot';
import { Control, type SharedMemory } from './control';
import { Hooks } from './hooks';
import { type BootPlan, type Call, cut, type ToWorker, type Upward } from './messages';

/** The home folder of every session; Pyodide's own choice, so `~` means it too. */
const HOME = '/home/pyodide';

export interface Connection {
  port: MessagePort;
  memory: SharedMemory;
}

type Post = (message: Upward, transfer?: Transferable[]) => void;
type Answer = { json: string; buffers: ArrayBuffer[] };

/** Calls into Python's bridge, one method for each kind of answer. */
class Worker {
  #running = false;

  constructor(
    private readonly bridge: Record<string, PyCallable>,
    private readonly hooks: Hooks,
    private readonly post: Post,
  ) {}

  async call(id: string, call: Call): Promise<void> {
    try {
      const { json, buffers } =
        call.name === 'execute' ? await this.#execute(id, call) : this.#answer(call);
      this.post({ type: 'reply', id, json, buffers }, buffers);
    } catch (error) {
      const json = refusal(error);
      if (json === null && isBroken(call, error))
        this.post({ type: 'dead', reason: words.broke(cut(lastLine(error), 300)) });
      else this.post({ type: 'refusal', id, json: json ?? fault(error) });
    }
  }

  /** Comes through only while the running code waits in `await`. */
  cancel(): void {
    if (!this.#running) return;
    // Python would otherwise see the signal at once, in `cancel` itself.
    this.hooks.forgetInterrupt();
    this.#ask('cancel');
  }

  async #execute(id: string, call: Call & { name: 'execute' }): Promise<Answer> {
    const { number, source, path, whole } = call;
    this.#running = true;
    this.hooks.begin(id);
    try {
      const request = JSON.stringify({ number, source, path, whole });
      const execute = this.bridge['execute'] as PyCallable;
      const answer = await (canSuspend ? execute.callPromising(request) : execute(request));
      return text(await answer);
    } finally {
      this.hooks.end();
      this.#running = false;
    }
  }

  #answer(call: Exclude<Call, { name: 'execute' }>): Answer {
    switch (call.name) {
      case 'status':
        return text(JSON.stringify(this.#ask('status', call.source)));
      case 'variables':
        return text(this.#ask('variables'));
      case 'capture':
        return parts(this.#ask('capture', JSON.stringify(call.limits)) as unknown[]);
      case 'restore':
        return text(this.#ask('restore', call.header, call.blobs.map(view)));
      case 'clear':
        this.#ask('clear', call.names && JSON.stringify(call.names));
        return text('null');
      case 'list_files':
        return text(this.#ask('list_files'));
      case 'read_file':
        return parts(['null', this.#ask('read_file', call.path)]);
      case 'write_file':
        this.#ask('write_file', call.path, view(call.bytes));
        return text('null');
      case 'remove_file':
        this.#ask('remove_file', call.path);
        return text('null');
      case 'ask':
        return text(this.#ask('ask', call.question, call.json));
    }
  }

  #ask(name: string, ...args: unknown[]): unknown {
    return (this.bridge[name] as PyCallable)(...args);
  }
}

/** Whether WebAssembly can wait for promises here, which `asyncio.run` and `run_sync` need. */
const canSuspend = 'Suspending' in WebAssembly;

const view = (bytes: ArrayBuffer): Uint8Array => new Uint8Array(bytes);

const text = (answer: unknown): Answer => ({ json: String(answer), buffers: [] });

/** An answer of JSON and bytes. */
function parts([json, ...blobs]: unknown[]): Answer {
  const buffers = blobs.map((blob) => {
    const { buffer, byteOffset, byteLength } = blob as Uint8Array<ArrayBuffer>;
    const whole = byteOffset === 0 && byteLength === buffer.byteLength;
    return whole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  });
  return { json: String(json), buffers };
}

/** The JSON of Python's `RefusedError`; null for other errors, which are faults. */
function refusal(error: unknown): string | null {
  return /RefusedError: (\{.*\})\s*$/.exec(String(error))?.[1] ?? null;
}

/** Calls that the bridge never refuses: whatever they throw is a fault of the interpreter. */
const NEVER_REFUSED = new Set<Call['name']>(['execute', 'status', 'variables', 'capture']);

/**
 * Whether an error says that the interpreter is broken for good (`sys.modules.clear()`). What
 * passes by itself does not: the values are still there, and the next call may work.
 */
function isBroken(call: Call, error: unknown): boolean {
  if (call.name === 'execute') return true;
  const passing = /^(MemoryError|KeyboardInterrupt|RecursionError)\b/;
  return NEVER_REFUSED.has(call.name) && !passing.test(lastLine(error));
}

const fault = (error: unknown): string =>
  JSON.stringify({ code: 'invalid', message: words.fault(cut(lastLine(error), 1_000)) });

/** Of a traceback, the line that names the exception. */
const lastLine = (error: unknown): string => String(error).trim().split('\n').at(-1) ?? '';

async function start(
  plan: BootPlan,
  files: Files,
  memory: SharedMemory,
  post: Post,
): Promise<{ worker: Worker; message: Upward }> {
  const { pyodide, start: how } = await boot(plan, files);
  pyodide._api.on_fatal = (error) =>
    post({ type: 'dead', reason: words.crashed(cut(String(error), 300)) });
  const hooks = new Hooks(new Control(memory), pyodide, post);
  const bridge = functionsOf(pyodide);
  bridge['start']?.(hooks.offered, JSON.stringify({ home: HOME }));
  if (how.kind === 'snapshot') bridge['reseed']?.();
  return { worker: new Worker(bridge, hooks, post), message: { type: 'booted', start: how } };
}

/** The bridge's functions as they are now: user code may replace the module's attributes. */
function functionsOf(pyodide: Pyodide): Record<string, PyCallable> {
  const bridge = pyodide.pyimport('playground_runtime.bridge');
  const names =
    'start reseed execute status cancel variables capture restore clear ' +
    'list_files read_file write_file remove_file ask';
  return Object.fromEntries(names.split(' ').map((name) => [name, bridge[name] as PyCallable]));
}

self.onmessage = ({ data }: MessageEvent<Connection>) => {
  self.onmessage = null;
  const { port, memory } = data;
  const send = port.postMessage.bind(port) as (message: Upward, transfer: Transferable[]) => void;
  const post: Post = (message, transfer = []) => send(message, transfer);
  const files = new Files();
  let worker: Worker | null = null;
  const begin = async (plan: BootPlan): Promise<void> => {
    try {
      const started = await start(plan, files, memory, post);
      worker = started.worker;
      post(started.message);
    } catch (error) {
      post({ type: 'dead', reason: cut(String(error)) });
    }
  };
  port.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
    switch (message.type) {
      case 'boot':
        return void begin(message.plan);
      case 'file':
        return files.put(message.role, message.content);
      case 'call':
        return void worker?.call(message.id, message.call);
      case 'cancel':
        return worker?.cancel();
    }
  };
};
