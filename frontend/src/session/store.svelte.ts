/**
 * The state of the session as this page sees it: what the server confirmed, and on top of that the
 * page's own operations that it has not confirmed yet.
 *
 * `view` is what people see: always the latest when it is read, and painted once a frame, however
 * many operations that frame brought. The stream of the server is applied to the confirmed state in the
 * order of `seq`; own operations are then applied to it again. One that no longer fits is left out
 * of the view; the server says what becomes of it.
 */
import type { AnyOperation, Entry, Record as OperationRecord, SessionState } from '../protocol.gen';
import { NextFrame } from './frame';
import { applyOperation, Invalid } from './reducer';

export interface OwnOperation {
  client: string;
  n: number;
  fence: number;
  at: number;
  operation: AnyOperation;
}

export interface StoreListener {
  /** An operation took effect in the view; own ones when they are proposed. */
  applied(operation: AnyOperation, own: boolean): void;
  /** The stream has a hole, or does not fit: catch up with the server. */
  gap(): void;
  /** The state was replaced as a whole. */
  replaced(before: SessionState): void;
}

/** How long an answer may stand before the stream has reached its place. */
const HOLE_MS = 2_000;

/** Confirmations only correct times; many of them in a row are shown at once. */
const SETTLE_MS = 50;

export class Store {
  #view: SessionState;
  /** Counts what is to be painted. */
  #version = $state(0);
  readonly #paint = new NextFrame(() => (this.#version += 1));
  #confirmed: SessionState;
  #pending: OwnOperation[] = [];
  /** Not shown, so not reactive: answers that came before their turn, by `seq`. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the page reads it
  readonly #early = new Map<number, OperationRecord>();
  #holeTimer: ReturnType<typeof setTimeout> | undefined;
  #settleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    initial: SessionState,
    private readonly client: string,
    private readonly listener: StoreListener,
  ) {
    this.#confirmed = initial;
    this.#view = initial;
  }

  /** Confirmed operations with own ones on top. Replaced, never mutated. */
  get view(): SessionState {
    void this.#version;
    return this.#view;
  }

  get confirmed(): SessionState {
    return this.#confirmed;
  }

  get pending(): readonly OwnOperation[] {
    return this.#pending;
  }

  /** Applies an own operation at once; an invalid one changes nothing. */
  propose(own: OwnOperation): Invalid | null {
    const after = applyOperation(this.view, recordOf(own, this.view.seq + 1));
    if (after instanceof Invalid) return after;
    this.#pending.push(own);
    this.#view = after;
    this.#paint.ask();
    this.listener.applied(own.operation, true);
    return null;
  }

  /** Takes an operation in its place of the stream, own or foreign, perhaps not in turn. */
  confirm(record: OperationRecord): void {
    const own = this.#settlePending(record.client, record.n);
    if (record.seq <= this.#confirmed.seq) {
      // A repeated answer; 0 stands for one older than the log.
      if (own) this.#rebase();
      return;
    }
    this.#early.set(record.seq, record);
    const taken = this.#takeEarly();
    if (!taken) return;
    // Confirming the first own operation leaves the view as it is, but for the server's times.
    if (own?.first && taken.length === 1) this.#rebaseSoon();
    else this.#rebase();
    for (const { client, operation } of taken)
      if (client !== this.client) this.listener.applied(operation, false);
  }

  /** Drops an own operation that the server refused. */
  refuse(client: string, n: number): void {
    if (this.#settlePending(client, n)) this.#rebase();
  }

  /** Replaces the confirmed state by one that the server sent whole. */
  replace(state: SessionState): void {
    const before = this.view;
    this.#confirmed = withEarlier(state, this.#confirmed);
    for (const seq of [...this.#early.keys()]) if (seq <= state.seq) this.#early.delete(seq);
    this.#takeEarly();
    this.#rebase();
    this.#version += 1;
    this.listener.replaced(before);
  }

  /** Puts earlier entries before the loaded ones. */
  prepend(entries: readonly Entry[]): void {
    const first = entries[0];
    if (!first || first.number >= this.#confirmed.entriesFrom) return;
    const from = this.#confirmed.entriesFrom;
    const earlier = entries.filter((entry) => entry.number < from);
    this.#confirmed = {
      ...this.#confirmed,
      entriesFrom: first.number,
      entries: [...earlier, ...this.#confirmed.entries],
    };
    this.#rebase();
    this.#version += 1;
  }

  #settlePending(client: string, n: number): (OwnOperation & { first: boolean }) | null {
    const index = this.#pending.findIndex((own) => own.client === client && own.n === n);
    const own = this.#pending[index];
    if (!own) return null;
    this.#pending.splice(index, 1);
    return { ...own, first: index === 0 };
  }

  /** Applies what is next in the stream; null when nothing was. */
  #takeEarly(): OperationRecord[] | null {
    const taken: OperationRecord[] = [];
    for (;;) {
      const next = this.#early.get(this.#confirmed.seq + 1);
      if (!next) break;
      this.#early.delete(next.seq);
      const after = applyOperation(this.#confirmed, next);
      if (after instanceof Invalid) {
        this.#early.clear();
        this.listener.gap();
        return taken.length ? taken : null;
      }
      this.#confirmed = after;
      taken.push(next);
    }
    this.#watchHole();
    return taken.length ? taken : null;
  }

  #watchHole(): void {
    clearTimeout(this.#holeTimer);
    this.#holeTimer = undefined;
    if (!this.#early.size) return;
    this.#holeTimer = setTimeout(() => {
      this.#early.clear();
      this.listener.gap();
    }, HOLE_MS);
  }

  #rebaseSoon(): void {
    if (!this.#pending.length) this.#rebase();
    else this.#settleTimer ??= setTimeout(() => this.#rebase(), SETTLE_MS);
  }

  #rebase(): void {
    clearTimeout(this.#settleTimer);
    this.#settleTimer = undefined;
    let view = this.#confirmed;
    for (const own of this.#pending) {
      const after = applyOperation(view, recordOf(own, view.seq + 1));
      if (!(after instanceof Invalid)) view = after;
    }
    this.#view = view;
    this.#paint.ask();
  }
}

function recordOf(own: OwnOperation, seq: number): OperationRecord {
  const { client, n, fence, at, operation } = own;
  return { seq, at, client, n, fence, operation };
}

/** Keeps entries that were loaded page by page when a newer state comes without them. */
function withEarlier(state: SessionState, known: SessionState): SessionState {
  const last = known.entries.at(-1)?.number ?? 0;
  if (known.epoch !== state.epoch || known.entriesFrom >= state.entriesFrom) return state;
  if (last < state.entriesFrom - 1) return state;
  const earlier = known.entries.filter((entry) => entry.number < state.entriesFrom);
  return { ...state, entriesFrom: known.entriesFrom, entries: [...earlier, ...state.entries] };
}
