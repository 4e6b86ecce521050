/** Why a page cannot go on with its session, or cannot keep work, and the way on from there. */
import { words } from '../i18n/ended';
import type { EndedReason } from './view';
import type { NewNotice } from './view.svelte';

export function endedNotice(reason: EndedReason, owns: boolean): NewNotice {
  // Loading again would only take away what can still be read.
  if (reason === 'binned' && !owns) return { level: 'error', text: words.binnedByOwner };
  const action =
    reason === 'signed-out'
      ? { label: words.signIn, run: () => location.assign(`/sign-in?next=${location.pathname}`) }
      : { label: words.again, run: () => location.reload() };
  return { level: 'error', text: words.reasons[reason], action };
}

/** The browser's database cannot be written. */
export const UNKEPT: NewNotice = {
  level: 'warning',
  text: words.unkept,
  details: [words.keepOpen],
};
