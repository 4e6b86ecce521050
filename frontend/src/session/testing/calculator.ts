/**
 * A whole runtime for tests, of a language with six statements: `NAME = JSON`, `print TEXT`,
 * `add NAME NUMBER`, `loop` (until interrupted), `stuck` (until killed), `open NAME` (what cannot be
 * saved; it ends the runtime while there is a file `wall`). Its values and files live in memory;
 * each value is a unit of its own.
 */
import type { FileRow, Output } from '../../protocol.gen';
import {
  type Capture,
  type ExecuteOptions,
  type ExecuteOutcome,
  type RestoreReport,
  type RestoreRequest,
  type Runtime,
  RuntimeError,
  type RuntimeInfo,
  type RuntimeVariable,
} from '../../runtime/interface';

/** What `open` makes, and what stands in its place when it was brought back. */
const OPEN = 'open';
const SHUT = 'not saved';

export class Calculator implements Runtime {
  static made: Calculator[] = [];
  readonly ready: Promise<RuntimeInfo>;
  values = new Map<string, unknown>();
  files = new Map<string, string>();
  disposed = false;
  readonly runs: string[] = [];
  readonly #numbers = new Map<string, number>();
  #nextNumber = 1;
  #stop: ((how: 'interrupted' | 'killed') => void) | null = null;
  #stuck = false;
  #dead: ((reason: string) => void) | null = null;

  constructor() {
    Calculator.made.push(this);
    const start = { kind: 'plain' as const, bootMs: 1 };
    this.ready = Promise.resolve({ name: 'calculator', version: '1', hash: 'h', start });
  }

  async execute(source: string, options: ExecuteOptions): Promise<ExecuteOutcome> {
    if (source.endsWith(':')) return { status: 'incomplete', durationMs: 0 };
    options.onStart();
    this.runs.push(source);
    const out = (text: string): Output => ({ type: 'stream', name: 'stdout', text });
    if (source === 'loop' || source === 'stuck') {
      this.#stuck = source === 'stuck';
      const how = await new Promise((resolve) => (this.#stop = resolve));
      if (how === 'killed') throw new RuntimeError('dead', 'killed');
      return { status: 'interrupted', durationMs: 1 };
    }
    await Promise.resolve();
    const [, name = '', json = ''] = /^(\w+) = (.*)$/.exec(source) ?? [];
    const [, sum = '', amount = ''] = /^add (\w+) (\d+)$/.exec(source) ?? [];
    if (name) this.values.set(name, JSON.parse(json));
    if (sum) this.values.set(sum, Number(this.values.get(sum)) + Number(amount));
    if (source.startsWith('open ')) {
      if (this.files.has('wall')) {
        this.#dead?.('killed');
        throw new RuntimeError('dead', 'killed');
      }
      this.values.set(source.slice(5), OPEN);
    }
    if (source.startsWith('print ')) options.onOutput([out(source.slice(6))]);
    return { status: 'ok', durationMs: 1 };
  }

  async status(source: string) {
    await Promise.resolve();
    return source.endsWith(':') ? ('incomplete' as const) : ('complete' as const);
  }

  async interrupt() {
    await Promise.resolve();
    if (!this.#stop) return 'idle' as const;
    const how = this.#stuck ? 'killed' : 'interrupted';
    this.#stop(how);
    this.#stop = null;
    if (how === 'killed') this.#dead?.('killed');
    return how === 'killed' ? ('killed' as const) : ('stopped' as const);
  }

  async variables(): Promise<RuntimeVariable[]> {
    await Promise.resolve();
    return [...this.values].map(([name, value]) => ({
      name,
      type: typeof value,
      sizeBytes: 8,
      preview: JSON.stringify(value),
      shape: null,
      remark: null,
      content: digest(JSON.stringify(value)),
      entry: null,
      line: null,
    }));
  }

  async snapshot(): Promise<Capture> {
    const blobs = new Map<number, ArrayBuffer>();
    const kept = (text: string) => {
      let blob = this.#numbers.get(text);
      if (blob === undefined) {
        blob = this.#nextNumber++;
        this.#numbers.set(text, blob);
        blobs.set(blob, new TextEncoder().encode(text).buffer);
      }
      return { blob, size: text.length };
    };
    const units = [...this.values].map(([name, value]) => ({
      names: [name],
      ...kept(JSON.stringify(value === OPEN ? SHUT : value)),
    }));
    const unsaved = [...this.values]
      .filter(([, value]) => value === OPEN || value === SHUT)
      .map(([name, value]) => ({ name, reason: 'it is open', missing: value === SHUT }));
    const files = [...this.files].map(([path, text]) => ({ path, ...kept(text), modifiedAt: 5 }));
    const variables = await this.variables();
    return { units, files, directories: [], unsaved, variables, blobs, captureMs: 1 };
  }

  async restore(request: RestoreRequest): Promise<RestoreReport> {
    this.values.clear();
    this.files.clear();
    const text = (blob: number) => new TextDecoder().decode(request.blobs.get(blob));
    for (const { names, blob } of request.units)
      for (const name of names) this.values.set(name, JSON.parse(text(blob)));
    for (const { path, blob } of request.files) this.files.set(path, text(blob));
    for (const [blob] of request.blobs) {
      this.#numbers.set(text(blob), blob);
      this.#nextNumber = Math.max(this.#nextNumber, blob + 1);
    }
    return { restored: [...this.values.keys()], failed: [], variables: await this.variables() };
  }

  async clear(names: string[] | null): Promise<void> {
    await Promise.resolve();
    for (const name of names ?? [...this.values.keys()]) this.values.delete(name);
  }

  async listFiles(): Promise<FileRow[]> {
    await Promise.resolve();
    return [...this.files].map(([path, text]) => ({ path, sizeBytes: text.length, modifiedAt: 5 }));
  }

  async readFile(path: string): Promise<ArrayBuffer> {
    await Promise.resolve();
    const text = this.files.get(path);
    if (text === undefined) throw new RuntimeError('not-found', `There is no file ${path}.`);
    return new TextEncoder().encode(text).buffer;
  }

  async writeFile(path: string, bytes: ArrayBuffer): Promise<void> {
    await Promise.resolve();
    this.files.set(path, new TextDecoder().decode(bytes));
  }

  async removeFile(path: string): Promise<void> {
    await Promise.resolve();
    this.files.delete(path);
  }

  /** Knows two questions: `echo`, and `remake`, to which the last `open` of each name answers. */
  async ask(question: string, args: unknown): Promise<unknown> {
    await Promise.resolve();
    if (question === 'remake') return remake(args as Parameters<typeof remake>[0]);
    if (question !== 'echo') throw new RuntimeError('not-found', 'There is no such question.');
    return args;
  }

  onDead(callback: (reason: string) => void): void {
    this.#dead = callback;
  }

  dispose(): void {
    this.disposed = true;
    this.#stop?.('killed');
  }
}

function remake(args: { names: string[]; entries: { number: number; source: string }[] }) {
  const entries = args.names.flatMap((name) => {
    const made = args.entries.findLast(({ source }) => source === `open ${name}`);
    return made
      ? [{ number: made.number, makes: [name], changes: [], stale: [], warnings: [] }]
      : [];
  });
  return { entries, unknown: [] };
}

/** Sixteen digits that differ for different texts, as far as tests need. */
function digest(text: string): string {
  const sum = [...text].reduce((all, letter) => (all * 31 + letter.charCodeAt(0)) % 2 ** 40, 7);
  return sum.toString(16).padStart(16, '0');
}
