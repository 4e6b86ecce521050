/**
 * Which snapshot came from which, also when some of them go; `sessions_app/lineage.py` is the same
 * for the server.
 */
import type { SnapshotInfo } from '../protocol.gen';

/** What stands in the place of a parent: its nearest ancestor that does not go, or the first one. */
function heir(parent: string, gone: ReadonlyMap<string, string | null>): string {
  let found = parent;
  for (let steps = gone.size; steps > 0; steps -= 1) {
    const above = gone.get(found) ?? null;
    if (above === null) break;
    found = above;
  }
  return found;
}

/** The snapshots but for some; what came from those hangs on what they came from. */
export function without(
  snapshots: readonly SnapshotInfo[],
  goes: (info: SnapshotInfo) => boolean,
): SnapshotInfo[] {
  const gone = new Map(snapshots.filter(goes).map(({ id, parent }) => [id, parent]));
  return snapshots
    .filter(({ id }) => !gone.has(id))
    .map((info) =>
      info.parent !== null && gone.has(info.parent)
        ? { ...info, parent: heir(info.parent, gone) }
        : info,
    );
}

/** The snapshots with one that is there again, in its place, with those that came from it. */
export function returned(
  snapshots: readonly SnapshotInfo[],
  info: SnapshotInfo,
  children: readonly string[],
): SnapshotInfo[] {
  const parents = new Map(snapshots.map(({ id, parent }) => [id, parent]));
  const above = new Set<string>();
  for (let at = info.parent; at !== null && !above.has(at); at = parents.get(at) ?? null)
    above.add(at);
  const moved = snapshots.map((one) =>
    children.includes(one.id) && !above.has(one.id) && one.parent !== null && above.has(one.parent)
      ? { ...one, parent: info.id }
      : one,
  );
  const earlier = moved.filter(({ createdAt }) => createdAt <= info.createdAt);
  const later = moved.filter(({ createdAt }) => createdAt > info.createdAt);
  return [...earlier, info, ...later];
}
