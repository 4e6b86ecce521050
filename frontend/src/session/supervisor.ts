/**
 * Runs code: the queue, completeness, time limits, stopping, and saving after each execution.
 *
 * Everything that touches the runtime goes through one lane. An execution's outcome is given to
 * its caller before the capture that follows; the next task waits for that capture.
 */
import {
  type AnyOperation,
  type Cause,
  type FinalStatus,
  MAX_SOURCE_CHARS,
  type SessionState,
} from '../protocol.gen';
import type { CaptureLimits, ExecuteOutcome, InputRequest, Runtime } from '../runtime/interface';
import type { BlobBox } from './blobs';
import { asPlaygroundError, PlaygroundError } from './errors';
import type { EventHub } from './events';
import { Dropped, type RuntimeHost } from './host';
import { Lane, type Task } from './lane';
import { findEntry, Invalid } from './reducer';
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
  /** Whether somebody waits for work here, so that the lease is wanted. */
  wanting(wants: boolean): void;
}

interface Job extends Task {
  kind: 'execution';
  id: number;
  source: string;
  timeoutMs: number | undefined;
  taken(): void;
  resolve(outcome: ExecutionOutcome): void;
}

interface Running {
  number: number;
  runtime: Runtime;
  timedOut: boolean;
  stopping: boolean;
  ended: Promise<unknown>;
}

export class Supervisor {
  readonly lane: Lane;
  #nextId = 1;
  #running: Running | null = null;
  /** The job whose source is being looked at, which Stop must end too. */
  #starting: { job: Job; cancelled: boolean } | null = null;

  constructor(private readonly ports: SupervisorPorts) {
    this.lane = new Lane({
      prepare: () => this.#prepare(),
      changed: () => this.#laneChanged(),
    });
  }

  /** Queues code; `taken` is called when it is known not to be unfinished. */
  execute(source: string, timeoutMs?: number, taken: () => void = () => undefined) {
    return new Promise<ExecutionOutcome>((resolve, reject) => {
      if (source.length > MAX_SOURCE_CHARS) {
        const most = `${MAX_SOURCE_CHARS / 1000} thousand characters`;
        reject(new PlaygroundError('too-large', `One entry has at most ${most}.`));
        return;
      }
      const id = this.#nextId++;
      const text = source.toWellFormed();
      const job: Job = {
        kind: 'execution',
        id,
        source: text,
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
    if (this.#starting) this.#starting.cancelled = true;
    await this.#stop(this.#running);
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
    snapshots.take(capture, manifestRuntime(host), number, cause);
  }

  async #prepare(): Promise<void> {
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
    const starting = { job, cancelled: false };
    this.#starting = starting;
    const completeness = await runtime.status(job.source).finally(() => (this.#starting = null));
    if (completeness === 'incomplete') {
      job.resolve(emptyOutcome(null, 'incomplete'));
      return;
    }
    job.taken();
    if (starting.cancelled) {
      job.resolve(emptyOutcome(null, 'interrupted'));
      return;
    }
    const { outcome, dead } = await this.#execute(runtime, job);
    job.resolve(outcome);
    if (!dead) await this.#saveAfter(outcome);
    else if (this.ports.view.isRunner) await this.ports.host.ready();
  }

  async #saveAfter(outcome: ExecutionOutcome): Promise<void> {
    try {
      await this.save('execution');
    } catch (error) {
      const text = `The values after #${outcome.number} could not be saved.`;
      const details = [asPlaygroundError(error).message];
      this.ports.view.tell({ level: 'error', text, details });
    }
  }

  async #execute(runtime: Runtime, job: Job) {
    const number = this.ports.state().nextNumber;
    const refused = this.ports.append({ type: 'start_execution', number, source: job.source });
    if (refused instanceof Invalid) throw new PlaygroundError('busy', refused.reason);
    const run = this.#newRun(number);
    const since = performance.now();
    const executing = runtime.execute(job.source, {
      number,
      onOutput: (outputs) => run.take(outputs),
      onInput: (request) => this.#ask(number, request),
    });
    const running: Running = {
      number,
      runtime,
      timedOut: false,
      stopping: false,
      ended: executing,
    };
    this.#running = running;
    this.#show(running, since);
    const timer = this.#limitTime(running, job.timeoutMs);
    const ending = await this.#ending(executing, running, run, since);
    clearTimeout(timer);
    await run.finish();
    this.ports.append({
      type: 'finish_execution',
      number,
      status: ending.status,
      durationMs: ending.durationMs,
      lost: false,
    });
    this.#running = null;
    this.ports.view.running = null;
    this.ports.view.input = null;
    if (!ending.dead) this.ports.view.runtime = { phase: 'ready', text: '' };
    return { outcome: run.outcome(ending.status, ending.durationMs), dead: ending.dead };
  }

  async #ending(
    executing: Promise<ExecuteOutcome>,
    running: Running,
    run: Run,
    since: number,
  ): Promise<{ status: FinalStatus; durationMs: number; dead: boolean }> {
    try {
      const { status, durationMs } = await executing;
      const timedOut = running.timedOut && status === 'interrupted';
      return { status: timedOut ? 'timeout' : status, durationMs, dead: false };
    } catch (error) {
      const durationMs = performance.now() - since;
      const stopped = running.timedOut || running.stopping;
      const { message } = asPlaygroundError(error);
      const reason = stopped
        ? 'The code did not stop, so Python was restarted.'
        : `Python ended unexpectedly and was restarted (${message}).`;
      this.ports.host.lostRuntime(running.runtime, reason, running.number);
      if (running.timedOut) return { status: 'timeout', durationMs, dead: true };
      if (stopped) return { status: 'interrupted', durationMs, dead: true };
      run.take([{ type: 'error', ename: 'RuntimeEnded', evalue: message, traceback: [reason] }]);
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

  #show(running: Running, since: number): void {
    this.ports.view.running = { number: running.number, since };
    this.ports.view.runtime = { phase: 'running', text: '' };
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
    if (running.stopping) this.ports.view.runtime = { phase: 'stopping', text: 'Stopping…' };
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

function manifestRuntime(host: RuntimeHost) {
  const { name, version, hash } = host.info;
  return { name, version, hash };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
