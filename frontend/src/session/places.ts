/** Where the session stands among its entries, and what the lines between them say. */
import type { Mark, SessionState } from '../protocol.gen';

/** What an entry offers: the way to the state after it, or that the session stands there. */
export type Place = 'here' | 'back' | 'forward' | null;

export interface Places {
  of(number: number): Place;
}

/** `here` is said only when newer states exist: otherwise it goes without saying. */
export function places(state: SessionState): Places {
  const numbers = new Set<number>();
  for (const { cause, number } of state.snapshots) if (cause === 'execution') numbers.add(number);
  const head = state.snapshots.find(({ id }) => id === state.head);
  const emptied = head?.cause === 'clear' || head?.cause === 'reset';
  const newest = Math.max(0, ...numbers);
  return {
    of(number) {
      if (!numbers.has(number) || !head) return null;
      if (number === head.number && !emptied) return number === newest ? null : 'here';
      return number > head.number ? 'forward' : 'back';
    },
  };
}

/** The words of a line in the transcript. */
export function markText(mark: Mark): string {
  switch (mark.kind) {
    case 'clear':
      return 'Variables cleared';
    case 'reset':
      return 'Fresh start';
    case 'restore':
      if (!mark.to) return 'Went back to the beginning';
      return mark.to === mark.after ? `Returned to #${mark.to}` : `Went back to #${mark.to}`;
    default:
      return mark.kind satisfies never;
  }
}
