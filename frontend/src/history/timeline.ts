/** The stops of the slider over the executions: one for each entry, with its saved state or why not. */
import { words } from '../i18n/history';
import type { Entry, ManifestFile, ManifestVariable, Manifest } from '../protocol.gen';
import type { FileRow, SessionState, SnapshotInfo, VariableRow } from '../protocol.gen';

export interface Stop {
  number: number;
  /** When the state was saved or, without one, when the entry ran; null when neither is known. */
  at: number | null;
  snapshot: SnapshotInfo | null;
  /** Why there is nothing to see or to go to; empty where there is. */
  reason: string;
}

/** The newest saved state right after each entry. */
export function statesByEntry(snapshots: readonly SnapshotInfo[]): Map<number, SnapshotInfo> {
  const fitting = snapshots.filter(({ cause }) => cause === 'execution');
  return new Map(fitting.map((info) => [info.number, info]));
}

/** Stops in the order of their numbers; of entries that are not loaded only those with a state. */
export function stopsOf(state: SessionState): Stop[] {
  const states = statesByEntry(state.snapshots);
  const stops = new Map<number, Stop>();
  for (const [number, snapshot] of states)
    stops.set(number, { number, at: snapshot.createdAt, snapshot, reason: '' });
  for (const entry of state.entries)
    if (!stops.has(entry.number))
      stops.set(entry.number, {
        number: entry.number,
        at: entry.executedAt,
        snapshot: null,
        reason: whyNot(entry, state),
      });
  return [...stops.values()].sort((a, b) => a.number - b.number);
}

function whyNot(entry: Entry, state: SessionState): string {
  const { deleted, running, command, imported, gone } = words.reason;
  const { number } = entry;
  if (entry.deleted) return deleted(number);
  if (entry.status === 'running' || entry.status === 'queued') return running(number);
  if (entry.kind === 'imported') return imported(number);
  if (entry.kind === 'command') return command(number);
  const newest = Math.max(0, ...state.snapshots.map((info) => info.number));
  return number > newest ? running(number) : gone(number);
}

/** Where the slider stands first: at the state that the session stands on, else at the newest. */
export function startAt(stops: readonly Stop[], state: SessionState): number {
  const head = state.snapshots.find(({ id }) => id === state.head);
  const exact = stops.findIndex(({ snapshot }) => snapshot && snapshot.id === head?.id);
  if (exact >= 0) return exact;
  const near = stops.findLastIndex(
    ({ snapshot, number }) => snapshot !== null && (!head || number <= head.number),
  );
  return near >= 0 ? near : stops.length - 1;
}

export interface ThenRow {
  name: string;
  type: string;
  then: string;
  /** What it is now; null when it is not there, `same` when nothing is different. */
  now: string | null;
  same: boolean;
  saved: boolean;
}

export interface ThenTable {
  rows: ThenRow[];
  /** Variables that the state has beyond the rows it keeps. */
  more: number;
  /** Names that are there now and were not then. */
  onlyNow: string[];
}

/** The variables of a state beside those of now; null when the state kept no rows. */
export function variablesThen(
  manifest: Manifest,
  present: readonly VariableRow[],
): ThenTable | null {
  if (!manifest.variables) return null;
  const now = new Map(present.map((row) => [row.name, row]));
  const lost = new Set(manifest.unsaved.map(({ name }) => name));
  const rows = manifest.variables.map((row) => thenRow(row, now.get(row.name), lost));
  const listed = new Set(rows.map(({ name }) => name));
  const others = new Set(
    manifest.units.flatMap(({ names }) => names).filter((name) => !listed.has(name)),
  );
  const onlyNow = present
    .map(({ name }) => name)
    .filter((name) => !listed.has(name) && !others.has(name));
  return { rows, more: others.size, onlyNow };
}

function thenRow(
  row: ManifestVariable,
  now: VariableRow | undefined,
  lost: ReadonlySet<string>,
): ThenRow {
  // What was kept of a long preview is its beginning.
  const same =
    now?.type === row.type && now.shape === row.shape && sameText(row.preview, now.preview);
  const { name, type, preview } = row;
  return { name, type, then: preview, now: now?.preview ?? null, same, saved: !lost.has(name) };
}

function sameText(kept: string, whole: string): boolean {
  if (kept === whole) return true;
  return kept.endsWith('…') && whole.startsWith(kept.slice(0, -1));
}

export interface ThenFile {
  path: string;
  sizeBytes: number;
  state: 'same' | 'changed' | 'gone';
}

/** The files of a state beside those of now. */
export function filesThen(files: readonly ManifestFile[], present: readonly FileRow[]): ThenFile[] {
  const now = new Map(present.map((row) => [row.path, row]));
  return files.map(({ path, blob, modifiedAt }) => {
    const row = now.get(path);
    const same = row?.sizeBytes === blob.size && row.modifiedAt === modifiedAt;
    return { path, sizeBytes: blob.size, state: !row ? 'gone' : same ? 'same' : 'changed' };
  });
}
