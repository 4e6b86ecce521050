/** The way back from a clear or a fresh start: the state that its snapshot came after. */
import type { SessionState } from '../protocol.gen';
import type { PageContext } from './context';

/** The id of the state before the last clear or reset that is saved, or null. */
export function stateBefore(state: SessionState, cause: 'clear' | 'reset'): string | null {
  return state.snapshots.findLast((snapshot) => snapshot.cause === cause)?.parent ?? null;
}

/** Tells what was done, with a way back. */
export function offerUndo(page: PageContext, cause: 'clear' | 'reset', text: string): void {
  const known = page.view.state.snapshots.length;
  const undo = async () => {
    const saved = page.view.state.snapshots.length > known || page.view.saving.kind === 'saved';
    const before = saved ? stateBefore(page.view.state, cause) : null;
    if (before === null) throw new Error('The change is still being saved. Try again in a moment.');
    await page.actions.restoreSnapshot(before);
  };
  const run = () => void page.notices.attempt(undo);
  page.notices.add({ level: 'info', text, action: { label: 'Undo', run } });
}
