/** The wall's state: what the server told, the clock, and what the teacher chose to see. */
import { SvelteMap } from 'svelte/reactivity';

import { Link } from './link';
import { counts, type Grouping, grouped, placed } from './order';
import type { Asking, FromTeacher, Hand, Tile, ToWall, Values } from './protocol.gen';

const TICK_MS = 5_000;
const HIDDEN = 'playground.wall.hideNames';
/** Tiles of one page of the wall. */
export const PAGE = 60;

export class WallState {
  readonly tiles = new SvelteMap<number, Tile>();
  hands = $state.raw<readonly Hand[]>([]);
  asking = $state.raw<readonly Asking[]>([]);
  limits = $state.raw({ sameErrors: 3, quietMinutes: 5 });
  pausedUntil = $state<number | null>(null);
  values = $state.raw<Values | null>(null);
  connected = $state(false);
  /** Whether anything was told yet. */
  known = $state(false);
  ended = $state(false);
  trouble = $state('');
  hideNames = $state(localStorage.getItem(HIDDEN) === 'yes');
  grouping = $state<Grouping>('nothing');
  page = $state(1);
  /** The server's clock, in milliseconds. */
  now = $state(Date.now());

  readonly placed = $derived(placed(this.tiles.values(), this.hands, this.limits, this.now));
  readonly counts = $derived(counts(this.placed));
  readonly groups = $derived(
    this.grouping === 'nothing' ? [] : grouped(this.placed, this.grouping, this.values),
  );
  readonly pages = $derived(Math.max(1, Math.ceil(this.placed.length / PAGE)));
  readonly shown = $derived.by(() => {
    const page = Math.min(this.page, this.pages);
    return this.placed.slice((page - 1) * PAGE, page * PAGE);
  });

  readonly #link: Link<ToWall, FromTeacher>;
  readonly #clock: ReturnType<typeof setInterval>;
  #ahead = 0;
  readonly #numbers: number[] = [];

  constructor(address: string) {
    this.#link = new Link(address, {
      message: (message) => this.#told(message),
      connected: (there) => (this.connected = there),
      ended: () => (this.ended = true),
    });
    this.#clock = setInterval(() => this.#tick(), TICK_MS);
  }

  stop(): void {
    this.#link.stop();
    clearInterval(this.#clock);
  }

  send(message: FromTeacher): boolean {
    this.trouble = '';
    return this.#link.send(message);
  }

  setHideNames(hide: boolean): void {
    this.hideNames = hide;
    localStorage.setItem(HIDDEN, hide ? 'yes' : 'no');
  }

  /** A number that stays a pupil's while the page is open, for when names are hidden. */
  number(pupil: number): number {
    if (!this.#numbers.includes(pupil)) this.#numbers.push(pupil);
    return this.#numbers.indexOf(pupil) + 1;
  }

  #tick(): void {
    this.now = Date.now() + this.#ahead;
    if (this.pausedUntil !== null && this.pausedUntil < this.now) this.pausedUntil = null;
  }

  #told(message: ToWall): void {
    switch (message.type) {
      case 'wall': {
        this.#ahead = message.now - Date.now();
        this.limits = { sameErrors: message.sameErrors, quietMinutes: message.quietMinutes };
        for (const id of this.tiles.keys()) if (!message.ids.includes(id)) this.tiles.delete(id);
        this.#queue(message);
        this.#put(message.tiles);
        this.known = true;
        break;
      }
      case 'tiles':
        this.#put(message.tiles);
        break;
      case 'hands':
        this.#queue(message);
        break;
      case 'values':
        this.values = message;
        break;
      case 'trouble':
        this.trouble = message.message;
        break;
      default:
        message satisfies never;
    }
    this.#tick();
  }

  #queue(told: {
    hands: readonly Hand[];
    asking: readonly Asking[];
    pausedUntil: number | null;
  }): void {
    this.hands = told.hands;
    this.asking = told.asking;
    this.pausedUntil = told.pausedUntil;
  }

  #put(tiles: readonly Tile[]): void {
    for (const tile of tiles) this.tiles.set(tile.id, tile);
  }
}
