/** The way back from a clear or a fresh start: the state that its snapshot came after. */
import { words as common } from '../i18n/common';
import { words } from '../i18n/session';
import type { SessionState } from '../protocol.gen';
import type { PageContext } from './context';

/** Changes that a notice offers to take back. */
export type UndoneCause = 'clear' | 'reset' | 'edit';

/** The id of the state before the last clear or reset that is saved, or null. */
export function stateBefore(state: SessionState, cause: UndoneCause): string | null {
  return state.snapshots.findLast((snapshot) => snapshot.cause === cause)?.parent ?? null;
}

/** Tells what was done, with a way back. */
export function offerUndo(page: PageContext, cause: UndoneCause, text: string): void {
  const known = page.view.state.snapshots.length;
  const undo = async () => {
    const saved = page.view.state.snapshots.length > known || page.view.saving.kind === 'saved';
    const before = saved ? stateBefore(page.view.state, cause) : null;
    if (before === null) throw new Error(words.undoSoon);
    await page.actions.restoreSnapshot(before);
  };
  const run = () => void page.notices.attempt(undo);
  page.notices.add({ level: 'info', text, action: { label: common.undo, run } });
}
