/** What the header says about saving: short words that are true. */
import { words } from '../i18n/saving';
import type { Unsaved } from '../protocol.gen';
import type { PlaygroundError } from './errors';
import type { SavingView } from './view';

export interface SavingFacts {
  online: boolean;
  /** The page has just been opened, and its first connection is being made. */
  connecting: boolean;
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
  const { online, connecting, unsent, kept, refusal, unsaved, ended } = facts;
  if (ended) return { kind: 'refused', text: words.ended };
  if (!online && connecting)
    return { kind: 'saving', text: unsent ? words.saving : words.connecting };
  if (!online) {
    if (!unsent) return { kind: 'offline', text: words.offlineAll };
    return { kind: 'offline', text: kept ? words.offlineKept : words.offlineOpen };
  }
  if (unsent) return { kind: 'saving', text: words.saving };
  if (refusal) return { kind: 'refused', text: words.refused(refusal.message) };
  if (unsaved.length) return { kind: 'incomplete', text: words.savedBut(listed(unsaved)), unsaved };
  return { kind: 'saved', text: words.saved };
}

function listed(unsaved: readonly Unsaved[]): string {
  const names = unsaved.slice(0, 3).map(({ name }) => name);
  const more = unsaved.length - names.length;
  return more ? words.andMore(names.join(', '), more) : names.join(', ');
}
