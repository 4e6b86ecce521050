/** What a session file leaves out: values and files that could not be saved, each with its reason. */
import type { SessionState, Unsaved } from '../protocol.gen';

export function unsavedOf(state: SessionState): Unsaved[] {
  const found = new Map<string, string>();
  for (const { name, saved, reason } of state.variables) if (!saved) found.set(name, reason ?? '');
  const head = state.snapshots.find(({ id }) => id === state.head);
  for (const { name, reason } of head?.unsaved ?? []) found.set(name, reason);
  return [...found].map(([name, reason]) => ({ name, reason }));
}
