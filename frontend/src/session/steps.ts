/**
 * The steps of this page that can be taken back: every move of the head that changed values or
 * files, and every deletion, in the order in which they happened.
 *
 * A page that was loaded anew remembers none; it goes back along the saved states instead. When
 * another tab moves the head, this page's steps are no longer the last ones and are forgotten.
 */
import { words } from '../i18n/commands';
import type {
  AnyOperation,
  Cause,
  Entry,
  RestoreSnapshot,
  SessionState,
  SnapshotInfo,
  SnapshotSaved,
} from '../protocol.gen';
import { numberList } from './commands/text';
import { PlaygroundError } from './errors';
import { findSnapshot } from './reducer';

const MAX_STEPS = 200;

interface StateStep {
  kind: 'state';
  what: Cause | 'restore';
  number: number;
  before: string | null;
  after: string | null;
}

interface DeleteStep {
  kind: 'delete';
  entries: readonly Entry[];
}

type Step = StateStep | DeleteStep;

export interface StepPorts {
  state(): SessionState;
  /** Resolves when the head contains what happened so far. */
  settled(): Promise<void>;
  /** Goes to a saved state, or with null to the beginning. */
  goTo(snapshot: string | null): Promise<void>;
  giveBack(entries: readonly Entry[]): void;
  remove(entries: readonly Entry[]): void;
}

export class Steps {
  #done: Step[] = [];
  #undone: Step[] = [];
  #head: string | null;
  #walking = false;

  constructor(private readonly ports: StepPorts) {
    this.#head = ports.state().head;
  }

  /** An operation took effect in the view. */
  applied(operation: AnyOperation, own: boolean): void {
    if (operation.type !== 'snapshot_saved' && operation.type !== 'restore_snapshot') return;
    const before = this.#head;
    const after = operation.snapshot;
    this.#head = after;
    if (!own) this.forget();
    else if (!this.#walking && !this.#sameContent(before, after))
      this.#add(stateStep(operation, before, this.ports.state()));
  }

  deleted(entries: readonly Entry[]): void {
    this.#add({ kind: 'delete', entries });
  }

  /** Entries came back by other ways than a step back. */
  gaveBack(entries: readonly Entry[]): void {
    const back = new Set(entries.map(({ number }) => number));
    this.#done = this.#done.flatMap((step): Step[] => {
      if (step.kind !== 'delete') return [step];
      const others = step.entries.filter(({ number }) => !back.has(number));
      return others.length ? [{ ...step, entries: others }] : [];
    });
  }

  /** The state was replaced as a whole. */
  replaced(): void {
    if (this.ports.state().head !== this.#head) this.forget();
  }

  /** What is remembered does not fit the session any more. */
  forget(): void {
    this.#head = this.ports.state().head;
    this.#done = [];
    this.#undone = [];
  }

  /** Takes the last step back, in its turn of the lane; gives what it was, in words. */
  async undo(): Promise<string> {
    await this.ports.settled();
    const step = this.#done.at(-1) ?? this.#beforeThisPage();
    if (!step) throw new PlaygroundError('not-found', words.nothingToUndo);
    if (step.kind === 'delete') this.ports.giveBack(step.entries);
    else await this.#walk(step.before);
    this.#done.pop();
    this.#undone.push(step);
    return described(step);
  }

  async redo(): Promise<string> {
    await this.ports.settled();
    const step = this.#undone.at(-1);
    if (!step) throw new PlaygroundError('not-found', words.nothingToRedo);
    if (step.kind === 'delete') this.ports.remove(step.entries);
    else await this.#walk(step.after);
    this.#undone.pop();
    this.#done.push(step);
    return described(step);
  }

  async #walk(snapshot: string | null): Promise<void> {
    this.#walking = true;
    try {
      await this.ports.goTo(snapshot);
    } finally {
      this.#walking = false;
    }
  }

  #add(step: Step): void {
    this.#undone = [];
    const last = this.#done.at(-1);
    // Files that are saved again and again while someone writes them are one step.
    const joins = step.kind === 'state' && step.what === 'files' && last?.kind === 'state';
    if (joins && last.what === 'files') this.#done[this.#done.length - 1] = joined(last, step);
    else this.#done = [...this.#done, step].slice(-MAX_STEPS);
  }

  #sameContent(a: string | null, b: string | null): boolean {
    const state = this.ports.state();
    const hash = findSnapshot(state, a)?.manifest.hash;
    return hash !== undefined && hash === findSnapshot(state, b)?.manifest.hash;
  }

  /** The step by which the head came to be, as far as the saved states tell. */
  #beforeThisPage(): StateStep | null {
    const state = this.ports.state();
    const head = findSnapshot(state, state.head);
    if (!head) return null;
    let last: SnapshotInfo = head;
    for (let tries = state.snapshots.length; tries > 0; tries -= 1) {
      const parent = findSnapshot(state, last.parent);
      if (!parent) break;
      if (parent.manifest.hash !== head.manifest.hash) return stepTo(last, parent.id, head.id);
      last = parent;
    }
    return last.parent === null ? stepTo(last, null, head.id) : null;
  }
}

function stepTo({ cause, number }: SnapshotInfo, before: string | null, after: string): StateStep {
  return { kind: 'state', what: cause, number, before, after };
}

function stateStep(
  operation: SnapshotSaved | RestoreSnapshot,
  before: string | null,
  state: SessionState,
): StateStep {
  const after = operation.snapshot;
  if (operation.type === 'snapshot_saved')
    return { kind: 'state', what: operation.cause, number: operation.number, before, after };
  const number = findSnapshot(state, after)?.number ?? 0;
  return { kind: 'state', what: 'restore', number, before, after };
}

function joined(first: StateStep, second: StateStep): StateStep {
  return { ...second, before: first.before };
}

function described(step: Step): string {
  if (step.kind === 'state') return words.what[step.what](step.number);
  return words.whatDeleted(numberList(step.entries.map(({ number }) => number)));
}
