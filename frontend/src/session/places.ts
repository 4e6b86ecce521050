/** Where the session stands among its entries, and what the lines between them say. */
import { statesByEntry } from '../history/tree';
import { words } from '../i18n/session';
import type { Mark, SessionState, SnapshotInfo } from '../protocol.gen';

/** What an entry offers: the way to the state after it, or that the session stands there. */
export type Place = 'here' | 'back' | 'forward' | null;

export interface Places {
  of(number: number): Place;
  /** The saved state right after the entry, while it is kept. */
  state(number: number): SnapshotInfo | null;
}

/** `here` is said only when newer states exist: otherwise it goes without saying. */
export function places(state: Pick<SessionState, 'snapshots' | 'head'>): Places {
  const states = statesByEntry(state.snapshots);
  const head = state.snapshots.find(({ id }) => id === state.head);
  const emptied = head?.cause === 'clear' || head?.cause === 'reset';
  const newest = Math.max(0, ...states.keys());
  return {
    state: (number) => states.get(number) ?? null,
    of(number) {
      if (!states.has(number)) return null;
      // The session stands before the first of them.
      if (!head) return 'forward';
      if (number === head.number && !emptied) return number === newest ? null : 'here';
      return number > head.number ? 'forward' : 'back';
    },
  };
}

/** The words of a line in the transcript. */
export function markText(mark: Mark): string {
  switch (mark.kind) {
    case 'clear':
      return words.marks.clear;
    case 'reset':
      return words.marks.reset;
    case 'restore':
      if (!mark.to) return words.marks.beginning;
      return words.marks[mark.to === mark.after ? 'returned' : 'back'](mark.to);
    default:
      return mark.kind satisfies never;
  }
}
