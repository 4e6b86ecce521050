/**
 * The page's face of Python: one runtime in one isolated frame, from boot to death.
 *
 * It owns the pending calls and their limits. Everything that comes out of the frame is a claim: it
 * is believed only as the answer to a call that is pending, and only in the shape that this call
 * allows. When the worker dies, every pending call rejects, and the frame goes.
 */
import { words } from '../i18n/runtime';
import { type Output } from '../protocol.gen';
import {
  readAnswer,
  readCapture,
  readCompleteness,
  readFileRows,
  readOutcome,
  readRefusal,
  readRestored,
  readVariables,
} from './answers';
import { isInside, parse } from './claims';
import type { Distribution } from './distribution';
import { Host } from './host';
import {
  type BootProgress,
  type Capture,
  type CaptureLimits,
  type CreateRuntime,
  type ExecuteOptions,
  type ExecuteOutcome,
  type RestoreReport,
  type RestoreRequest,
  type Runtime,
  RuntimeError,
  type RuntimeInfo,
} from './interface';
import { type Call, MAX_ANSWER_CHARS, type Upward } from './messages';
import { OutputBudget, readOutputs } from './outputs';

/** Limits in ms. */
export interface RuntimeLimits {
  /** For code that is asked to stop, before its worker is ended. */
  grace: number;
  /** For Python to start, once its files are here. */
  boot: number;
  /** For any call but `execute`. */
  call: number;
  /** For calls that look at the values, and may meet a `__repr__` that never ends. */
  look: number;
}

const LIMITS: RuntimeLimits = { grace: 3_000, boot: 120_000, call: 120_000, look: 15_000 };

/** Calls that Python itself ends after 10 s, unless a `__repr__` of the session lets nothing end it. */
const LOOKS = new Set<Call['name']>([
  'status',
  'variables',
  'capture',
  'clear',
  'list_files',
  'ask',
]);

/** How much longer the page waits for the frame to keep a limit before it removes the frame. */
const PATIENCE_MS = 1_000;

type Reply = { json: string; buffers: ArrayBuffer[] };

interface Pending {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

interface Execution {
  id: string;
  options: ExecuteOptions;
  budget: OutputBudget;
  started: boolean;
  stopping: Promise<'stopped' | 'killed'> | null;
  /** Settles with how it ended: by itself or with its worker. */
  ended: Promise<'stopped' | 'killed'>;
}

/** Gives the function that makes runtimes of that distribution. */
export function createRuntime(
  distribution: Distribution,
  limits: Partial<RuntimeLimits> = {},
): CreateRuntime {
  return (parent, progress) =>
    new PythonRuntime(parent, progress, distribution, { ...LIMITS, ...limits });
}

class PythonRuntime implements Runtime {
  readonly ready: Promise<RuntimeInfo>;
  readonly #host: Host;
  readonly #pending = new Map<string, Pending>();
  readonly #booted = Promise.withResolvers<RuntimeInfo>();
  #execution: Execution | null = null;
  #dead: RuntimeError | null = null;
  #onDead: ((reason: string) => void) | null = null;

  constructor(
    parent: HTMLElement,
    progress: BootProgress,
    private readonly distribution: Distribution,
    private readonly limits: RuntimeLimits,
  ) {
    this.ready = this.#booted.promise;
    // Whoever waits for it hears of a failure; it is no unhandled one if nobody does.
    this.ready.catch(() => undefined);
    this.#host = new Host(
      parent,
      distribution,
      (message) => this.#take(message),
      (reason) => this.#die(reason),
    );
    void this.#boot(progress);
  }

  async execute(source: string, options: ExecuteOptions): Promise<ExecuteOutcome> {
    await this.ready;
    if (this.#execution) throw new RuntimeError('busy', words.otherCode);
    const id = crypto.randomUUID();
    const { number, path = null, whole = false } = options;
    const answer = this.#ask(id, { name: 'execute', number, source, path, whole });
    const execution: Execution = {
      id,
      options,
      budget: new OutputBudget(),
      started: false,
      stopping: null,
      ended: answer.then(
        () => 'stopped',
        () => (this.#dead ? 'killed' : 'stopped'),
      ),
    };
    this.#execution = execution;
    try {
      const outcome = readOutcome((await answer).json);
      // What has shown something is an entry, whatever is claimed in the end.
      if (outcome.status === 'incomplete' && execution.started) throw new TypeError('it has run');
      if (outcome.status !== 'incomplete') this.#start(execution);
      return outcome;
    } catch (error) {
      throw understandable(error);
    } finally {
      this.#execution = null;
    }
  }

  async status(source: string) {
    return this.#call({ name: 'status', source }, ({ json }) => readCompleteness(json));
  }

  async variables() {
    return this.#call({ name: 'variables' }, ({ json }) => readVariables(parse(json)));
  }

  async snapshot(limits: CaptureLimits): Promise<Capture> {
    return this.#call({ name: 'capture', limits }, ({ json, buffers }) =>
      readCapture(json, buffers, limits),
    );
  }

  async restore({ blobs, ...manifest }: RestoreRequest): Promise<RestoreReport> {
    const header = JSON.stringify({ ...manifest, blobIds: [...blobs.keys()] });
    return this.#call({ name: 'restore', header, blobs: [...blobs.values()] }, ({ json }) =>
      readRestored(json),
    );
  }

  async clear(names: string[] | null): Promise<void> {
    return this.#call({ name: 'clear', names }, () => undefined);
  }

  async listFiles() {
    return this.#call({ name: 'list_files' }, ({ json }) => readFileRows(json));
  }

  async readFile(path: string): Promise<ArrayBuffer> {
    checkPath(path);
    return this.#call({ name: 'read_file', path }, ({ buffers: [bytes] }) => {
      if (!bytes) throw new RuntimeError('invalid', words.noContent);
      return bytes;
    });
  }

  async writeFile(path: string, bytes: ArrayBuffer): Promise<void> {
    checkPath(path);
    return this.#call({ name: 'write_file', path, bytes }, () => undefined);
  }

  async removeFile(path: string): Promise<void> {
    checkPath(path);
    return this.#call({ name: 'remove_file', path }, () => undefined);
  }

  async ask(question: string, args: unknown): Promise<unknown> {
    const json = JSON.stringify(args);
    return this.#call({ name: 'ask', question, json }, (reply) => readAnswer(reply.json));
  }

  async interrupt(): Promise<'stopped' | 'killed' | 'idle'> {
    const execution = this.#execution;
    if (!execution) return 'idle';
    execution.stopping ??= this.#stop(execution);
    return execution.stopping;
  }

  onDead(callback: (reason: string) => void): void {
    this.#onDead = callback;
  }

  dispose(): void {
    this.#onDead = null;
    this.#die(words.wasEnded);
  }

  async #boot(progress: BootProgress): Promise<void> {
    try {
      progress(words.loading);
      await this.#host.files;
      progress(words.starting);
      const timer = setTimeout(() => this.#die(words.tooSlow), this.limits.boot);
      await this.ready.finally(() => clearTimeout(timer)).catch(() => undefined);
    } catch (error) {
      this.#die(words.noFiles(error instanceof Error ? error.message : ''));
    }
  }

  async #stop(execution: Execution): Promise<'stopped' | 'killed'> {
    const { grace } = this.limits;
    this.#host.send({ type: 'interrupt', graceMs: grace });
    const timer = setTimeout(() => this.#die(words.notStopped), grace + PATIENCE_MS);
    return execution.ended.finally(() => clearTimeout(timer));
  }

  /** Makes a call with a time limit and reads its answer. */
  async #call<Answer>(call: Call, read: (reply: Reply) => Answer): Promise<Answer> {
    await this.ready;
    if (this.#execution) throw new RuntimeError('busy', words.codeRuns);
    const limit = LOOKS.has(call.name) ? this.limits.look : this.limits.call;
    const timer = setTimeout(() => this.#die(words.noAnswer), limit);
    try {
      return read(await this.#ask(crypto.randomUUID(), call));
    } catch (error) {
      throw understandable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #ask(id: string, call: Call): Promise<Reply> {
    if (this.#dead) return Promise.reject(this.#dead);
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.#pending.set(id, { resolve, reject });
    this.#host.send({ type: 'call', id, call });
    return promise.finally(() => this.#pending.delete(id));
  }

  #take(message: Upward): void {
    switch (message.type) {
      case 'booted':
        return this.#booted.resolve({
          name: 'python',
          version: this.distribution.version,
          hash: this.distribution.hash,
          start: message.start,
        });
      case 'started':
        if (this.#execution?.id === message.id) this.#start(this.#execution);
        return;
      case 'reply':
        return this.#pending.get(message.id)?.resolve(message);
      case 'refusal':
        return this.#pending.get(message.id)?.reject(refusal(message.json));
      case 'outputs':
        return this.#takeOutputs(message);
      case 'input':
        return this.#takeQuestion(message);
      case 'dead':
        return this.#die(message.reason);
    }
  }

  #start(execution: Execution): void {
    if (execution.started) return;
    execution.started = true;
    execution.options.onStart();
  }

  #takeOutputs({ id, texts }: Upward & { type: 'outputs' }): void {
    const execution = this.#execution;
    // Confirmed before it is shown: a slow or failing view must not stop Python for ever.
    this.#host.send({ type: 'confirm' });
    if (execution?.id !== id) return;
    this.#start(execution);
    const outputs: Output[] = [];
    for (const text of texts) {
      if (!execution.budget.takes(text)) break;
      try {
        outputs.push(...readOutputs(text));
      } catch {
        this.#host.reportBad();
      }
    }
    const admitted = execution.budget.admit(outputs);
    if (admitted.length > 0) execution.options.onOutput(admitted);
  }

  #takeQuestion({ id, prompt, password }: Upward & { type: 'input' }): void {
    if (this.#execution?.id !== id) return;
    this.#start(this.#execution);
    let answered = false;
    const reply = (text: string): void => {
      if (answered) return;
      answered = true;
      this.#host.send({ type: 'answer', id, text: text.slice(0, MAX_ANSWER_CHARS) });
    };
    this.#execution.options.onInput({ prompt, password, reply });
  }

  #die(reason: string): void {
    if (this.#dead) return;
    this.#dead = new RuntimeError('dead', words.ended(reason));
    this.#host.remove();
    this.#booted.reject(this.#dead);
    for (const { reject } of this.#pending.values()) reject(this.#dead);
    this.#onDead?.(reason);
  }
}

function understandable(error: unknown): RuntimeError {
  if (error instanceof RuntimeError) return error;
  return new RuntimeError('invalid', words.badAnswer);
}

function refusal(json: string): RuntimeError {
  try {
    return readRefusal(json);
  } catch {
    return new RuntimeError('invalid', words.noReason);
  }
}

function checkPath(path: string): void {
  if (!isInside(path)) throw new RuntimeError('invalid', words.notInside(path));
}
