/**
 * This tab as the session's runner: who waits for it to become that, what it leaves behind when
 * it ceases to be, and when the page is ready.
 */
import { words } from '../i18n/runtime';
import type { SessionState } from '../protocol.gen';
import type { PlaygroundError } from './errors';
import type { RuntimeHost } from './host';
import type { Lease } from './lease';
import type { Snapshots } from './snapshots';
import type { Supervisor } from './supervisor';
import type { LiveView } from './view.svelte';

export interface RunnerPorts {
  view: LiveView;
  tab(): string;
  client: string;
  confirmed(): SessionState;
  lease(): Lease;
  supervisor(): Supervisor;
  host(): RuntimeHost;
  snapshots(): Snapshots;
  /** Why this page cannot run code, if so. */
  unable(): PlaygroundError | null;
  changed(): void;
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

export class Runner {
  /** The runner: started, with the head's values; others: in step with the server. */
  readonly ready: Promise<void>;
  #ready!: Waiter;
  #waiting: Waiter[] = [];
  #wanting = false;

  constructor(private readonly ports: RunnerPorts) {
    this.ready = new Promise((resolve, reject) => {
      this.#ready = { resolve, reject };
    });
    // Whoever waits for it is told; that nobody does is no error of its own.
    this.ready.catch(() => undefined);
  }

  /** Resolves when this tab is the runner. */
  become(): Promise<void> {
    const unable = this.ports.unable();
    if (unable) return Promise.reject(unable);
    if (this.ports.lease().held) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Whether somebody waits for work here. */
  wants(wants: boolean): void {
    if (wants !== this.#wanting) {
      this.#wanting = wants;
      if (wants) this.ports.lease().want();
      else this.ports.lease().unwant();
    }
    this.ports.changed();
  }

  granted(): void {
    this.ports.view.isRunner = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve();
    this.ports.supervisor().warm().then(this.#ready.resolve, this.#ready.reject);
    this.ports.changed();
  }

  /** In step with the server: a tab that does not run (by itself) is ready with that. */
  joined(runsUnasked: boolean): void {
    const { runner } = this.ports.confirmed();
    const own = runner?.tab === this.ports.tab() || runner?.client === this.ports.client;
    if (!runsUnasked || (runner && !own)) this.#ready.resolve();
  }

  /** The lease went to another without being handed over. */
  lost(): void {
    const running = this.ports.view.running !== null;
    this.leave();
    const text = running ? `${words.runsElsewhere} ${words.endedHere}` : words.runsElsewhere;
    this.ports.view.tell({ level: 'warning', text });
  }

  /** Ends the runtime here: another tab's holds the session's values from now on. */
  leave(): void {
    this.ports.view.isRunner = false;
    this.ports.supervisor().abandon();
    this.ports.host().drop();
    this.ports.snapshots().latest = null;
    this.ports.changed();
  }

  /** The session cannot be reached any more. */
  end(error: PlaygroundError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
    this.#ready.reject(error);
  }
}
