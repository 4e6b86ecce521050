/** What of the history this page shows: the strip of time, pinned entries only, folded entries. */
import { SvelteSet } from 'svelte/reactivity';

import type { Entry } from '../protocol.gen';

/** Folded entries that a browser remembers of a session. */
const MAX_FOLDED = 500;

const key = (session: string) => `playground:folded:${session}`;

class Shown {
  time = $state(false);
  pinnedOnly = $state(false);
  readonly folded = new SvelteSet<number>();
  #session = '';

  /** Reads what this browser remembers of a session. */
  remember(session: string): void {
    if (session === this.#session) return;
    this.#session = session;
    this.folded.clear();
    for (const number of kept(session)) this.folded.add(number);
  }

  /** Makes sure that an entry is not filtered out. */
  include(entry: Entry | undefined): void {
    if (!entry?.pinned) this.pinnedOnly = false;
  }

  fold(number: number): void {
    if (!this.folded.delete(number)) this.folded.add(number);
    try {
      const latest = [...this.folded].slice(-MAX_FOLDED);
      if (latest.length) localStorage.setItem(key(this.#session), latest.join(' '));
      else localStorage.removeItem(key(this.#session));
    } catch {
      // Without storage it lasts as long as the page.
    }
  }
}

function kept(session: string): number[] {
  try {
    const text = localStorage.getItem(key(session)) ?? '';
    return text
      .split(' ')
      .map(Number)
      .filter((number) => Number.isInteger(number) && number > 0);
  } catch {
    return [];
  }
}

export const shown = new Shown();
