/**
 * Makes variables again that could not be saved, by running the entries again that made them.
 *
 * Python finds the entries; nothing runs before the person has seen them, but for the variables of
 * which the session says that they are always made again: those are made by the runner, right
 * after it has loaded the saved values and before anything else runs.
 */
import { words } from '../i18n/remaking';
import type { AnyOperation, Entry, SessionState } from '../protocol.gen';
import type { Runtime } from '../runtime/interface';
import { asPlaygroundError, PlaygroundError } from './errors';
import { plainly, type RunKind } from './plan';
import { Invalid } from './reducer';
import { question, readPlan, type RemakeEntry, type RemakePlan, wantedRows } from './remakePlan';
import type { ExecutionOutcome } from './run';
import type { Supervisor } from './supervisor';
import type { LiveView } from './view.svelte';

export interface RemakingPorts {
  view: LiveView;
  state(): SessionState;
  /** All entries, also those that the page has not loaded yet. */
  entries(): Promise<readonly Entry[]>;
  append(operation: AnyOperation): number | Invalid;
  supervisor: Pick<Supervisor, 'queue' | 'execute'>;
}

type Run = (source: string, about: RunKind) => Promise<ExecutionOutcome>;

export class Remaking {
  /** Whether values were loaded since the last look at what is made again by itself. */
  #due = false;
  /** Making values again ended Python: it is not tried again by this page. */
  #broken = false;

  constructor(private readonly ports: RemakingPorts) {}

  /** Values were loaded into a fresh runtime. */
  loaded(): void {
    this.#due = true;
  }

  /** Shows the entries that make variables again: those of these names, or all. */
  offer(names: readonly string[] | null): void {
    this.ports.view.remaking = { names };
  }

  /** The entries that make variables again, for the person to see. */
  async plan(names: readonly string[] | null): Promise<RemakePlan> {
    const entries = await this.ports.entries();
    return this.ports.supervisor.queue((runtime) => this.find(runtime, entries, names));
  }

  /** As `plan`, in a turn of the lane that has begun. */
  async find(
    runtime: Runtime,
    entries: readonly Entry[],
    names: readonly string[] | null,
  ): Promise<RemakePlan> {
    const state = this.ports.state();
    const wanted = wantedRows(state, names);
    const answer = await runtime.ask('remake', question(state, entries, wanted));
    return readPlan(answer, wanted, entries);
  }

  /** Runs entries again, one after the other, up to the first that does not end well. */
  async run(entries: readonly RemakeEntry[]): Promise<void> {
    const { supervisor } = this.ports;
    const again: Run = (source, about) =>
      supervisor.execute(source, undefined, undefined, about, () =>
        Promise.resolve(plainly(source, about)),
      );
    const stopped = await this.#runAll(entries, again);
    if (stopped !== null) throw new PlaygroundError('invalid', words.failed(stopped));
    // Only after the last run was captured the table says what is here now.
    await this.ports.supervisor.queue(() => Promise.resolve());
    this.#tellRest();
  }

  /** Says whether a variable is made again by itself after loading; throws when too many are. */
  setAlways(name: string, always: boolean): void {
    if (this.ports.state().remakes.includes(name) === always) return;
    const refused = this.ports.append({ type: 'set_remake', name, always });
    if (refused instanceof Invalid) throw new PlaygroundError('invalid', words.tooMany);
  }

  /**
   * Makes again what the session says is always made again, if values were loaded since. It is
   * awaited before the next task of the lane, and never fails.
   */
  async settle(runtime: Runtime, run: Run): Promise<void> {
    if (!this.#due) return;
    this.#due = false;
    const { state, view } = this.ports;
    const always = new Set(state().remakes);
    const names = state()
      .variables.filter(({ name, missing }) => missing && always.has(name))
      .map(({ name }) => name);
    if (!names.length) return;
    if (this.#broken) {
      this.#tellOffer(words.died, names);
      return;
    }
    try {
      const plan = await this.find(runtime, await this.ports.entries(), names);
      if (!plan.entries.length || plan.unknown.length || asksSomething(plan)) {
        this.#tellOffer(words.notByItself(names), names);
        return;
      }
      this.#broken = true;
      const first = state().nextNumber;
      const stopped = await this.#runAll(plan.entries, run);
      if (this.#due) return;
      this.#broken = false;
      const last = state().nextNumber;
      const numbers = Array.from({ length: last - first }, (_, index) => first + index);
      const made = stopped === null;
      const text = made ? words.made(names, numbers) : words.failed(stopped);
      const action = { label: words.change, run: () => this.offer(names) };
      view.tell({ level: made ? 'info' : 'warning', text, action, topic: 'remade' });
      this.#tellRest();
    } catch (error) {
      this.#tellOffer(asPlaygroundError(error).message, names);
    }
  }

  async #runAll(entries: readonly RemakeEntry[], run: Run): Promise<number | null> {
    for (const { source, kind, path, origin } of entries) {
      const { number, status } = await run(source, { kind, path, origin });
      if (status !== 'ok') return number ?? this.ports.state().nextNumber - 1;
    }
    return null;
  }

  #tellOffer(text: string, names: readonly string[]): void {
    const action = { label: words.offer, run: () => this.offer(names) };
    this.ports.view.tell({ level: 'warning', text, action, topic: 'remade' });
  }

  /** What was told about values that did not come back is over when they are here. */
  #tellRest(): void {
    if (!this.ports.state().variables.some(({ missing }) => missing))
      this.ports.view.forget('restored');
  }
}

function asksSomething({ entries }: RemakePlan): boolean {
  return entries.some(({ warnings }) => warnings.includes('asks'));
}
