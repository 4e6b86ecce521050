/** The saved states that a person can go back to by number: the newest of each entry. */
import type { SessionState, SnapshotInfo } from '../protocol.gen';

export function listedSnapshots(state: SessionState): SnapshotInfo[] {
  const newest = new Map<number, SnapshotInfo>();
  for (const info of state.snapshots) if (info.cause === 'execution') newest.set(info.number, info);
  return [...newest.values()].sort((a, b) => a.number - b.number);
}
