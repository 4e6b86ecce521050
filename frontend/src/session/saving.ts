/** What the header says about saving: short words that are true. */
import type { Unsaved } from '../protocol.gen';
import type { PlaygroundError } from './errors';
import type { SavingView } from './view';

export interface SavingFacts {
  online: boolean;
  /** Operations without an answer, or captures still being packed. */
  unsent: boolean;
  /** Whether the browser's own database works. */
  kept: boolean;
  refusal: PlaygroundError | null;
  unsaved: readonly Unsaved[];
  /** The session is not there for this page any more. */
  ended: boolean;
}

export function savingView(facts: SavingFacts): SavingView {
  const { online, unsent, kept, refusal, unsaved, ended } = facts;
  if (ended) return { kind: 'refused', text: 'Not saved: the session cannot be reached any more' };
  if (!online) {
    if (!unsent) return { kind: 'offline', text: 'Offline: all work so far is saved' };
    const place = kept ? 'kept in this browser' : 'kept only in this open page';
    return { kind: 'offline', text: `Offline: ${place}` };
  }
  if (unsent) return { kind: 'saving', text: 'Saving…' };
  if (refusal) return { kind: 'refused', text: `Not saved: ${refusal.message}` };
  if (unsaved.length) return { kind: 'incomplete', text: `Saved, but not ${listed(unsaved)}` };
  return { kind: 'saved', text: 'Saved' };
}

function listed(unsaved: readonly Unsaved[]): string {
  const names = unsaved.slice(0, 3).map(({ name }) => name);
  const more = unsaved.length - names.length;
  return more ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
