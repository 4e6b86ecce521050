/** What of the session is saved: the header's words, the `saved` event, and `saved()`. */
import type { SessionState } from '../protocol.gen';
import type { PlaygroundError } from './errors';
import type { EventHub, SavedReport } from './events';
import type { Lane } from './lane';
import type { Outbox } from './outbox';
import { findSnapshot } from './reducer';
import { savingView } from './saving';
import type { Sender } from './sender';
import type { Snapshots } from './snapshots';
import type { LiveView } from './view.svelte';

/** A refused snapshot is offered once more, under another number. */
const ROUNDS = 4;

/** A first connection that takes longer is none, ms. */
const CONNECT_MS = 5_000;

export interface StatusPorts {
  view: LiveView;
  events: EventHub;
  outbox: Outbox;
  confirmed(): SessionState;
  lane(): Lane;
  snapshots(): Snapshots;
  own(): Sender;
  ended(): PlaygroundError | null;
}

export class Status {
  #key = '';
  #refreshing = false;
  #stopped = false;
  readonly #connecting: ReturnType<typeof setTimeout>;

  constructor(private readonly ports: StatusPorts) {
    this.#connecting = setTimeout(() => {
      ports.view.connecting = false;
      this.refresh();
    }, CONNECT_MS);
  }

  /** Says nothing more: what still comes to an end belongs to a session that was left. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#connecting);
  }

  /** Waits until everything asked for before is durable on the server; tells what is saved. */
  async saved(): Promise<SavedReport> {
    const { ports } = this;
    await ports.lane().settled();
    for (let round = 0; round < ROUNDS; round += 1) {
      await ports.snapshots().idle();
      this.#failIfRefused(false);
      await ports.own().drained();
    }
    this.#failIfRefused(true);
    return this.report();
  }

  /** What the server has, as far as it has confirmed it. */
  report(): SavedReport {
    const state = this.ports.confirmed();
    const head = findSnapshot(state, state.head);
    return {
      number: head?.number ?? 0,
      bytes: head?.bytes ?? 0,
      saveMs: this.ports.snapshots().captureMs,
      unsaved: (head?.unsaved ?? []).map(({ name, reason }) => ({ name, reason })),
    };
  }

  /** Brings the header's words up to date, once for all that happens at a time. */
  refresh(): void {
    if (this.#refreshing) return;
    this.#refreshing = true;
    queueMicrotask(() => {
      this.#refreshing = false;
      if (!this.#stopped) this.#show();
    });
  }

  #failIfRefused(settled: boolean): void {
    const ended = this.ports.ended();
    if (ended) throw ended;
    const { refusal } = this.ports.snapshots();
    if (settled && refusal) throw refusal;
  }

  #show(): void {
    const { view, events, outbox } = this.ports;
    const lane = this.ports.lane();
    const { working, refusal } = this.ports.snapshots();
    const report = this.report();
    const unsent =
      this.ports.own().unanswered.length > 0 || working || (lane.busy && !view.running);
    const shown = savingView({
      // A socket notices half a minute late that the network is gone; the browser knows at once. A
      // server on this computer needs no network: nothing stays unsent then.
      online: view.online && (navigator.onLine || !unsent),
      connecting: view.connecting && navigator.onLine,
      unsent,
      kept: outbox.reliable,
      refusal,
      unsaved: report.unsaved,
      ended: this.ports.ended() !== null,
    });
    const key = `${shown.kind} ${shown.text} ${this.ports.confirmed().head}`;
    if (key === this.#key) return;
    this.#key = key;
    view.saving = shown;
    events.emit('saved', { ...report, state: shown.kind });
  }
}
