/**
 * Runs code: the queue, completeness, time limits, stopping, and saving after each execution.
 *
 * Everything that touches the runtime goes through one lane. An execution's outcome is given to
 * its caller before the capture that follows; the next task waits for that capture.
 */
import { words as errors } from '../i18n/errors';
import { words } from '../i18n/runtime';
import {
  type AnyOperation,
  type Cause,
  type FinalStatus,
  MAX_SOURCE_CHARS,
  type SessionState,
} from '../protocol.gen';
import type { CaptureLimits, ExecuteOutcome, InputRequest, Runtime } from '../runtime/interface';
import type { BlobBox } from './blobs';
import { Burst } from './burst';
import { asPlaygroundError, PlaygroundError } from './errors';
import type { EventHub } from './events';
import { Dropped, type RuntimeHost } from './host';
import { Lane, type Task } from './lane';
import { nameAfter } from './naming';
import { findEntry, Invalid } from './reducer';
import { PLAIN_CODE, type Plan, plainly, type RunKind } from './plan';
import { emptyOutcome, type ExecutionOutcome, Run } from './run';
import type { PackedBlob } from './server';
import type { Snapshots } from './snapshots';
import type { LiveView } from './view.svelte';

const INTERRUPT_AGAIN_MS = 100;

export interface SupervisorPorts {
  view: LiveView;
  events: EventHub;
  host: RuntimeHost;
  snapshots: Snapshots;
  box: BlobBox;
  limits: CaptureLimits;
  state(): SessionState;
  append(
    operation: AnyOperation,
    needs?: string[],
    blobs?: Map<string, PackedBlob>,
  ): number | Invalid;
  /** Resolves when this tab is the runner; rejects when it cannot become that. */
  becomeRunner(): Promise<void>;
  /** Awaited before the next task, with a way to run code before that. */
  prepared(
    runtime: Runtime,
    run: (source: string, about: RunKind) => Promise<ExecutionOutcome>,
  ): Promise<void>;
  /** Whether somebody waits for work here, so that the lease is wanted. */
  wanting(wants: boolean): void;
}

interface Job extends Task {
  kind: 'execution';
  id: number;
  source: string;
  about: RunKind;
  /** Asked when its turn has come; null for plain code, which may turn out to be unfinished. */
  plan: ((runtime: Runtime) => Promise<Plan>) | null;
  timeoutMs: number | undefined;
  taken(): void;
  resolve(outcome: ExecutionOutcome): void;
}

interface Running {
  number: number;
  runtime: Runtime;
  /** Whether there is an entry: its source is whole. */
  started: boolean;
  timedOut: boolean;
  stopping: boolean;
  ended: Promise<unknown>;
}

interface Ending {
  status: FinalStatus | 'incomplete';
  durationMs: number;
  dead: boolean;
}

export class Supervisor {
  readonly lane: Lane;
  #nextId = 1;
  #running: Running | null = null;
  readonly #burst = new Burst();

  constructor(private readonly ports: SupervisorPorts) {
    this.lane = new Lane({
      prepare: () => this.#prepare(),
      changed: () => this.#laneChanged(),
    });
  }

  /** Queues code; `taken` is called when it is known not to be unfinished. */
  execute(
    source: string,
    timeoutMs?: number,
    taken: () => void = () => undefined,
    about: RunKind = PLAIN_CODE,
    plan: Job['plan'] = null,
  ) {
    return new Promise<ExecutionOutcome>((resolve, reject) => {
      if (source.length > MAX_SOURCE_CHARS) {
        const most = MAX_SOURCE_CHARS.toLocaleString('en');
        reject(new PlaygroundError('too-large', errors.entryTooLong(most)));
        return;
      }
      const id = this.#nextId++;
      const text = source.toWellFormed();
      const job: Job = {
        kind: 'execution',
        id,
        source: text,
        about,
        plan,
        timeoutMs,
        taken,
        resolve,
        run: () => this.#runJob(job),
        fail: (error) => reject(asPlaygroundError(error)),
      };
      this.lane.add(job);
    });
  }

  /** Puts other work into the lane: files, going back, clearing. */
  queue<Value>(
    work: (runtime: Runtime) => Promise<Value>,
    kind: Task['kind'] = 'change',
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(asPlaygroundError(error, 'gone'));
      this.lane.add({
        kind,
        fail,
        run: async () => {
          const runtime = await this.ports.host.ready();
          await work(runtime).then(resolve, fail);
        },
      });
    });
  }

  /**
   * Asks the runtime a question, at once or not at all: rejects with `busy` while there is none, or
   * while code runs or waits. What must not be refused goes through `queue`.
   */
  async ask(question: string, args: unknown): Promise<unknown> {
    const runtime = this.ports.host.current;
    if (!runtime || this.#running || this.lane.tasks.some(isJob))
      throw new PlaygroundError('busy', words.busy);
    return runtime.ask(question, args);
  }

  /** Makes the runtime ready although nothing is to be run yet. */
  warm(): Promise<void> {
    return this.queue(() => Promise.resolve(), 'warm');
  }

  /** Ends what runs and what is queued; resolves when nothing runs any more. */
  async interrupt(): Promise<void> {
    for (const task of [...this.lane.tasks]) {
      if (!isJob(task)) continue;
      this.lane.remove(task);
      task.taken();
      task.resolve(emptyOutcome(null, 'interrupted'));
    }
    await this.#stop(this.#running);
  }

  /** Resolves when no burst of short runs goes on, which hashing and sending would slow down. */
  calm(): Promise<void> {
    return this.#burst.over();
  }

  /** The runtime is about to be taken away: what runs counts as stopped. */
  abandon(): void {
    if (this.#running) this.#running.stopping = true;
  }

  /** Captures the runtime's state and begins to save it. */
  async save(cause: Cause): Promise<void> {
    const { host, snapshots, limits } = this.ports;
    const runtime = await host.ready();
    const number = this.ports.state().nextNumber - 1;
    const capture = await runtime.snapshot(limits);
    snapshots.take(capture, host.build, number, cause);
  }

  async #prepare(): Promise<void> {
    await this.#becomeReady();
    const { current } = this.ports.host;
    if (current) await this.ports.prepared(current, (...run) => this.#runFirst(...run));
  }

  /** Runs code before the task for which the lane is being made ready, and saves what it made. */
  async #runFirst(source: string, about: RunKind): Promise<ExecutionOutcome> {
    let outcome = emptyOutcome(null, 'error');
    const plan = () => Promise.resolve(plainly(source, about));
    const none = () => undefined;
    const job = { kind: 'execution', id: this.#nextId++, source, about, plan } as const;
    const ways = { timeoutMs: undefined, taken: none, fail: none, run: () => Promise.resolve() };
    await this.#runJob({ ...job, ...ways, resolve: (ended) => (outcome = ended) });
    return outcome;
  }

  async #becomeReady(): Promise<void> {
    if (this.ports.host.current && this.ports.view.isRunner) return;
    for (;;) {
      await this.ports.becomeRunner();
      try {
        await this.ports.host.ready();
        return;
      } catch (error) {
        // The lease went to another tab in the meantime: ask for it again.
        if (!(error instanceof Dropped)) throw error;
      }
    }
  }

  async #runJob(job: Job): Promise<void> {
    const runtime = await this.ports.host.ready();
    const plan = job.plan ? await job.plan(runtime) : plainly(job.source, job.about);
    const { outcome, dead } = await this.#execute(runtime, job, plan);
    job.resolve(outcome);
    if (outcome.number === null) return;
    if (dead) {
      if (this.ports.view.isRunner) await this.ports.host.ready();
    } else if (plan.save) await this.#saveAfter(outcome, plan.save);
  }

  async #saveAfter(outcome: ExecutionOutcome, cause: Cause): Promise<void> {
    try {
      await this.save(cause);
    } catch (error) {
      const text = words.valuesNotSaved(outcome.number);
      const details = [asPlaygroundError(error).message];
      this.ports.view.tell({ level: 'error', text, details });
    }
  }

  async #execute(runtime: Runtime, job: Job, plan: Plan) {
    const number = this.ports.state().nextNumber;
    const run = this.#newRun(number);
    const running: Running = {
      number,
      runtime,
      started: false,
      timedOut: false,
      stopping: false,
      ended: Promise.resolve(),
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let since = performance.now();
    const start = () => {
      if (running.started) return;
      running.started = true;
      since = performance.now();
      this.#burst.began(since);
      this.#begin(running, job, plan, since);
      timer = this.#limitTime(running, job.timeoutMs);
    };
    // What is planned is an entry at once; code may turn out to be the beginning of one.
    if (job.plan) start();
    const executing = plan.run(runtime, {
      number,
      path: plan.about.path,
      whole: plan.about.kind !== 'code',
      onStart: start,
      onOutput: (outputs) => run.take(outputs),
      onInput: (request) => this.#ask(number, request),
    });
    running.ended = executing;
    this.#running = running;
    const ending = await this.#ending(executing, running, run, () => {
      start();
      return since;
    });
    clearTimeout(timer);
    this.#running = null;
    const { status, durationMs, dead } = ending;
    if (status === 'incomplete') return { outcome: emptyOutcome(null, status), dead };
    await run.finish();
    this.#finish(running, status, durationMs, dead);
    return { outcome: run.outcome(status, durationMs), dead };
  }

  /** The source is whole: there is an entry, which runs. */
  #begin({ number }: Running, job: Job, { source, about }: Plan, since: number): void {
    const refused = this.ports.append({ type: 'start_execution', number, source, ...about });
    // Only this tab numbers entries, one after the other: it cannot be, so it must be seen.
    if (refused instanceof Invalid) throw new PlaygroundError('busy', refused.reason);
    job.taken();
    this.ports.view.running = { number, since };
    this.ports.view.runtime = { phase: 'running', text: '' };
  }

  #finish({ number }: Running, status: FinalStatus, durationMs: number, dead: boolean): void {
    this.ports.append({ type: 'finish_execution', number, status, durationMs, lost: false });
    const name = nameAfter(this.ports.state(), number);
    if (name) this.ports.append(name);
    this.ports.view.running = null;
    this.ports.view.input = null;
    if (!dead) this.ports.view.runtime = { phase: 'ready', text: '' };
  }

  async #ending(
    executing: Promise<ExecuteOutcome>,
    running: Running,
    run: Run,
    start: () => number,
  ): Promise<Ending> {
    try {
      const { status, durationMs } = await executing;
      const timedOut = running.timedOut && status === 'interrupted';
      return { status: timedOut ? 'timeout' : status, durationMs, dead: false };
    } catch (error) {
      // Also code that ended Python before it began is an entry, so that people see what happened.
      const durationMs = performance.now() - start();
      const stopped = running.timedOut || running.stopping;
      const { message } = asPlaygroundError(error);
      const reason = stopped ? words.restarted : words.restartedAfter(message);
      this.ports.host.lostRuntime(running.runtime, reason, running.number);
      if (running.timedOut) return { status: 'timeout', durationMs, dead: true };
      if (stopped) return { status: 'interrupted', durationMs, dead: true };
      const none = { hint: null, place: null };
      run.take([
        { type: 'error', ename: 'RuntimeEnded', evalue: message, traceback: [reason], ...none },
      ]);
      return { status: 'error', durationMs, dead: true };
    }
  }

  #newRun(number: number): Run {
    return new Run(number, {
      append: (operation, needs, blobs) => void this.ports.append(operation, needs, blobs),
      pin: (hash, blob) => this.ports.box.pin(hash, blob),
      count: () => findEntry(this.ports.state(), number)?.outputs.length ?? 0,
    });
  }

  #limitTime(running: Running, timeoutMs: number | undefined) {
    if (timeoutMs === undefined) return undefined;
    return setTimeout(() => {
      running.timedOut = true;
      void this.#stop(running);
    }, timeoutMs);
  }

  async #stop(running: Running | null): Promise<void> {
    if (!running || running !== this.#running) return;
    this.ports.view.input = null;
    running.stopping ||= !running.timedOut;
    if (running.stopping) this.ports.view.runtime = { phase: 'stopping', text: words.stopping };
    while (running === this.#running) {
      const answer = await running.runtime.interrupt().catch(() => 'killed' as const);
      if (answer === 'idle') await pause(INTERRUPT_AGAIN_MS);
      else {
        await running.ended.catch(() => undefined);
        // The lane goes on by itself; what is left of this run takes no user code.
        await pause(0);
      }
    }
  }

  #ask(number: number, request: InputRequest): void {
    const { prompt, password } = request;
    const view = this.ports.view;
    const input = {
      number,
      prompt,
      password,
      reply: (text: string) => {
        if (view.input === input) view.input = null;
        request.reply(String(text));
      },
    };
    view.input = input;
    this.ports.events.emit('input', input);
  }

  #laneChanged(): void {
    const jobs = this.lane.tasks.filter(isJob);
    this.ports.view.queue = jobs.map(({ id, source }) => ({ id, source }));
    this.ports.wanting(this.lane.tasks.some((task) => task.kind !== 'warm'));
  }
}

function isJob(task: Task): task is Job {
  return task.kind === 'execution';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
