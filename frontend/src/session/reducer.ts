/**
 * The one pure function that changes a session, as in `sessions_app/state.py`.
 *
 * `applyOperation(state, record)` gives the state after a record, or `Invalid` when the operation
 * does not fit. It knows no clock and does no I/O: whoever applies the same records has the same
 * state. Both languages run the cases of `tests/fixtures/operations/`.
 */
import {
  type AnyOperation,
  type AppendOutput,
  DEFAULT_TITLE,
  type Entry,
  type FinishExecution,
  type Mark,
  MAX_FILES,
  MAX_OUTPUTS,
  MAX_REMAKES,
  MAX_VARIABLES,
  type Output,
  type Record as OperationRecord,
  type RestoreEntry,
  type SessionState,
  type SnapshotInfo,
  type SnapshotSaved,
  type StartExecution,
  STREAM_CHUNK_CHARS,
} from '../protocol.gen';
import { returned, without } from './lineage';

/** Marks kept in the state; older ones are dropped from the front. */
const MAX_MARKS = 200;

/** The operation does not fit the state, for the reason given. */
export class Invalid {
  constructor(readonly reason: string) {}
}

/** Applies the record that follows `state`: `record.seq` must be `state.seq + 1`. */
export function applyOperation(
  state: SessionState,
  record: OperationRecord,
): SessionState | Invalid {
  if (record.seq !== state.seq + 1)
    return new Invalid(`operation ${record.seq} does not follow ${state.seq}`);
  const result = apply(state, record, record.operation);
  return result instanceof Invalid ? result : { ...result, seq: record.seq };
}

function apply(
  state: SessionState,
  record: OperationRecord,
  operation: AnyOperation,
): SessionState | Invalid {
  switch (operation.type) {
    case 'start_execution':
      return startExecution(state, record, operation);
    case 'append_output':
      return appendOutput(state, operation);
    case 'finish_execution':
      return finishExecution(state, operation);
    case 'delete_entry':
      return deleteEntries(state, operation.numbers);
    case 'restore_entry':
      return restoreEntry(state, operation);
    case 'return_snapshot':
      return returnSnapshot(state, operation.snapshot, operation.children);
    case 'pin_entry':
      return pinEntry(state, operation.number, operation.pinned);
    case 'set_variables': {
      const rows = merge(state.variables, operation.changed, operation.removed, (row) => row.name);
      if (rows.length > MAX_VARIABLES) return new Invalid('too many variables');
      return { ...state, variables: rows };
    }
    case 'set_files': {
      const rows = merge(state.files, operation.changed, operation.removed, (row) => row.path);
      if (rows.length > MAX_FILES) return new Invalid('too many files');
      return { ...state, files: rows };
    }
    case 'snapshot_saved':
      return snapshotSaved(state, record, operation);
    case 'restore_snapshot': {
      const target = findSnapshot(state, operation.snapshot);
      if (!target && operation.snapshot !== null) return new Invalid('no such snapshot');
      const mark: Mark = {
        after: state.nextNumber - 1,
        kind: 'restore',
        at: record.at,
        to: target?.number ?? 0,
      };
      return { ...state, head: operation.snapshot, marks: withMark(state, mark) };
    }
    case 'label_snapshot': {
      if (!findSnapshot(state, operation.snapshot)) return new Invalid('no such snapshot');
      const { snapshot, label } = operation;
      const snapshots = state.snapshots.map((info) =>
        info.id === snapshot ? { ...info, label } : info,
      );
      return { ...state, snapshots };
    }
    case 'set_remake': {
      const { name, always } = operation;
      const others = state.remakes.filter((one) => one !== name);
      if (always && others.length >= MAX_REMAKES)
        return new Invalid('too many variables are made again by themselves');
      return { ...state, remakes: always ? [...others, name] : others };
    }
    case 'remove_snapshots': {
      const gone = new Set(operation.snapshots);
      if (state.head !== null && gone.has(state.head))
        return new Invalid('the head cannot be removed');
      return { ...state, snapshots: without(state.snapshots, ({ id }) => gone.has(id)) };
    }
    case 'set_runner':
      return { ...state, runner: operation.runner, reserved: operation.reserved };
    case 'set_title':
      if (operation.automatic && state.title !== DEFAULT_TITLE)
        return new Invalid('the session has a name');
      return { ...state, title: operation.title };
    default:
      return operation satisfies never;
  }
}

/** The loaded entry of that number. */
export function findEntry(state: SessionState, number: number): Entry | undefined {
  return state.entries.findLast((entry) => entry.number === number);
}

/** The snapshot of that id. */
export function findSnapshot(state: SessionState, id: string | null): SnapshotInfo | undefined {
  return state.snapshots.find((info) => info.id === id);
}

function startExecution(
  state: SessionState,
  record: OperationRecord,
  operation: StartExecution,
): SessionState | Invalid {
  if (operation.number !== state.nextNumber)
    return new Invalid(`the next entry is #${state.nextNumber}`);
  const { kind, origin, path } = operation;
  if (origin !== null && origin >= operation.number)
    return new Invalid('an entry runs again what came before it');
  if ((kind === 'file') !== (path !== null))
    return new Invalid('the run of a file names its path, and no other does');
  const entry: Entry = {
    number: operation.number,
    source: operation.source,
    status: 'running',
    executedAt: record.at,
    fence: record.fence,
    durationMs: null,
    outputs: [],
    lost: false,
    deleted: false,
    pinned: false,
    kind,
    origin,
    path,
  };
  return { ...state, entries: [...state.entries, entry], nextNumber: operation.number + 1 };
}

function appendOutput(state: SessionState, operation: AppendOutput): SessionState | Invalid {
  const entry = findEntry(state, operation.number);
  if (!entry) return new Invalid(`there is no entry #${operation.number} to add output to`);
  if (entry.status !== 'running' && !entry.lost)
    return new Invalid(`entry #${operation.number} has ended`);
  const outputs = joinOutputs(entry.outputs, operation.outputs);
  if (outputs.length > MAX_OUTPUTS) return new Invalid('too many outputs');
  return withEntry(state, { ...entry, outputs });
}

function finishExecution(state: SessionState, operation: FinishExecution): SessionState | Invalid {
  const entry = findEntry(state, operation.number);
  if (!entry) return new Invalid(`there is no entry #${operation.number} to end`);
  if (entry.status !== 'running' && (operation.lost || !entry.lost))
    return new Invalid(`entry #${operation.number} has ended`);
  const { status, durationMs, lost } = operation;
  return withEntry(state, { ...entry, status, durationMs, lost });
}

function deleteEntries(state: SessionState, numbers: readonly number[]): SessionState | Invalid {
  const gone = new Set(numbers);
  const problem = missing(state, Math.max(...gone));
  if (problem) return problem;
  const busy = state.entries.find(
    ({ number, status }) => gone.has(number) && (status === 'running' || status === 'queued'),
  );
  if (busy) return new Invalid(`entry #${busy.number} is still running`);
  const entries = state.entries.map((entry) => (gone.has(entry.number) ? tombstone(entry) : entry));
  const snapshots = without(state.snapshots, (info) => isSnapshotOf(info, gone, state.head));
  return { ...state, entries, snapshots };
}

/** Whether a snapshot goes when the entries of these numbers are deleted. */
export function isSnapshotOf(
  info: SnapshotInfo,
  numbers: ReadonlySet<number>,
  head: string | null,
): boolean {
  return info.cause === 'execution' && numbers.has(info.number) && info.id !== head;
}

function tombstone(entry: Entry): Entry {
  const gone = { source: '', outputs: [], path: null };
  return { ...entry, ...gone, deleted: true, pinned: false, lost: false };
}

function restoreEntry(state: SessionState, operation: RestoreEntry): SessionState | Invalid {
  const { number, path, pinned, more } = operation;
  const problem = missing(state, number);
  if (problem) return problem;
  const entry = findEntry(state, number);
  if (!entry) return state;
  if (!entry.deleted) return new Invalid(`entry #${number} was not deleted`);
  const outputs = joinOutputs(entry.outputs, operation.outputs);
  if (outputs.length > MAX_OUTPUTS) return new Invalid('too many outputs');
  const source = entry.source + operation.source;
  return withEntry(state, { ...entry, source, outputs, path, pinned, deleted: more });
}

function returnSnapshot(
  state: SessionState,
  snapshot: SnapshotInfo,
  children: readonly string[],
): SessionState | Invalid {
  const { id, number, cause } = snapshot;
  const problem = missing(state, number);
  if (problem) return problem;
  if (cause !== 'execution')
    return new Invalid('only the snapshot of an execution goes with an entry');
  if (findEntry(state, number)?.deleted) return new Invalid(`entry #${number} was deleted`);
  if (findSnapshot(state, id)) return new Invalid('there is a snapshot of that id');
  return { ...state, snapshots: returned(state.snapshots, snapshot, children) };
}

function pinEntry(state: SessionState, number: number, pinned: boolean): SessionState | Invalid {
  const problem = missing(state, number);
  if (problem) return problem;
  const entry = findEntry(state, number);
  if (!entry) return state;
  if (entry.deleted) return new Invalid(`entry #${number} was deleted`);
  return withEntry(state, { ...entry, pinned });
}

/** Entries before `entriesFrom` are not loaded: an operation on one changes nothing here. */
function missing(state: SessionState, number: number): Invalid | null {
  return number >= state.nextNumber ? new Invalid(`there is no entry #${number}`) : null;
}

function snapshotSaved(
  state: SessionState,
  record: OperationRecord,
  operation: SnapshotSaved,
): SessionState | Invalid {
  if (operation.parent !== state.head)
    return new Invalid('the session stands on another snapshot by now');
  if (findSnapshot(state, operation.snapshot)) return new Invalid('there is a snapshot of that id');
  if (operation.number >= state.nextNumber)
    return new Invalid(`there is no entry #${operation.number}`);
  const { snapshot: id, number, cause, manifest, bytes, parent, unsaved } = operation;
  const createdAt = record.at;
  const info: SnapshotInfo = {
    id,
    number,
    cause,
    manifest,
    bytes,
    createdAt,
    parent,
    unsaved,
    label: null,
  };
  const moved = { ...state, snapshots: [...state.snapshots, info], head: id };
  if (cause !== 'clear' && cause !== 'reset') return moved;
  const mark: Mark = { after: state.nextNumber - 1, kind: cause, at: createdAt, to: null };
  return { ...moved, marks: withMark(state, mark) };
}

/**
 * Appends outputs; a chunk that continues a stream joins its last chunk while that is short. The
 * bound on a chunk keeps the cost of one more line constant, however long a run prints.
 */
export function joinOutputs(earlier: readonly Output[], later: readonly Output[]): Output[] {
  const joined = [...earlier];
  for (const output of later) {
    const last = joined.at(-1);
    if (
      output.type === 'stream' &&
      last?.type === 'stream' &&
      last.name === output.name &&
      last.text.length + output.text.length <= STREAM_CHUNK_CHARS
    ) {
      joined[joined.length - 1] = { ...output, text: last.text + output.text };
    } else {
      joined.push(output);
    }
  }
  return joined;
}

function withEntry(state: SessionState, entry: Entry): SessionState {
  const index = state.entries.findLastIndex((old) => old.number === entry.number);
  const entries = state.entries.slice();
  entries[index] = entry;
  return { ...state, entries };
}

function withMark(state: SessionState, mark: Mark): Mark[] {
  return [...state.marks, mark].slice(-MAX_MARKS);
}

/** Replaces rows in place, appends new ones, drops the removed; the order is that of arrival. */
function merge<Row>(
  rows: readonly Row[],
  changed: readonly Row[],
  removed: readonly string[],
  key: (row: Row) => string,
): Row[] {
  const byKey = new Map(rows.map((row) => [key(row), row]));
  for (const gone of removed) byKey.delete(gone);
  for (const row of changed) byKey.set(key(row), row);
  return [...byKey.values()];
}
