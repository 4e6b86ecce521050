/** What a pupil's page knows of the class: its hand, messages, the pause and its clock. */
import { Link } from './link';
import type { FromPupil, Hand, Note, ToPupil } from './protocol.gen';

export class DeskState {
  hand = $state.raw<Hand | null>(null);
  ahead = $state(0);
  notes = $state.raw<readonly Note[]>([]);
  connected = $state(false);
  ended = $state(false);
  #until = $state<number | null>(null);
  #now = $state(Date.now());

  readonly paused = $derived(this.#until !== null && this.#until > this.#now);
  /** How long the pause still takes, as `4:05`. */
  readonly left = $derived.by(() => {
    const seconds = Math.max(0, Math.round(((this.#until ?? 0) - this.#now) / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  });

  readonly #link: Link<ToPupil, FromPupil>;
  #clock: ReturnType<typeof setInterval> | undefined;
  #ahead = 0;

  constructor(address: string) {
    this.#link = new Link(address, {
      message: (message) => this.#told(message),
      connected: (there) => (this.connected = there),
      ended: () => this.#end(),
    });
  }

  stop(): void {
    this.#link.stop();
    clearInterval(this.#clock);
  }

  send(message: FromPupil): boolean {
    return this.#link.send(message);
  }

  #told(message: ToPupil): void {
    if (message.type !== 'desk') return;
    this.hand = message.hand;
    this.ahead = message.ahead;
    this.notes = message.notes;
    this.#ahead = message.now - Date.now();
    this.#until = message.pausedUntil;
    this.#tick();
    clearInterval(this.#clock);
    if (this.paused) this.#clock = setInterval(() => this.#tick(), 1000);
  }

  #tick(): void {
    this.#now = Date.now() + this.#ahead;
    if (!this.paused) clearInterval(this.#clock);
  }

  #end(): void {
    this.ended = true;
    this.#until = null;
  }
}
