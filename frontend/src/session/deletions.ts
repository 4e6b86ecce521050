/**
 * Deleting entries and giving them back: what was deleted is remembered by this page alone, for
 * the server forgets the text at once, and which saved states went with it.
 */
import type {
  AnyOperation,
  Entry,
  RestoreEntry,
  ReturnSnapshot,
  SessionState,
} from '../protocol.gen';
import { words } from '../i18n/commands';
import { MAX_DELETED } from '../protocol.gen';
import { PlaygroundError } from './errors';
import { Invalid, isSnapshotOf } from './reducer';
import { groups, wireBytes } from './sizes';

/** A source longer than this travels in a part of its own. */
const LONG_SOURCE_BYTES = 50_000;

export interface DeletionPorts {
  state(): SessionState;
  entries(): Promise<readonly Entry[]>;
  append(operation: AnyOperation): number | Invalid;
  /** Resolves when the steps before are known, so that the deletion comes after them. */
  settled(): Promise<void>;
  deleted(entries: readonly Entry[]): void;
}

export class Deletions {
  /** The saved states that went with entries, by their numbers, and what came from each. */
  readonly #states = new Map<number, ReturnSnapshot[]>();

  constructor(private readonly ports: DeletionPorts) {}

  /** Deletes entries for good; rejects with words when one cannot be. */
  async delete(numbers: readonly number[]): Promise<void> {
    const all = new Map((await this.ports.entries()).map((entry) => [entry.number, entry]));
    await this.ports.settled();
    const entries = numbers.map((number) => deletable(number, all.get(number)));
    this.remove(entries);
    this.ports.deleted(entries);
  }

  /** Deletes what is known, without remembering its text. */
  remove(entries: readonly Entry[]): void {
    const numbers = entries.map(({ number }) => number);
    const { snapshots, head } = this.ports.state();
    const gone = new Set(numbers);
    const states = snapshots.filter((info) => isSnapshotOf(info, gone, head));
    this.#append({ type: 'delete_entry', numbers });
    for (const info of states) {
      const children = snapshots.filter(({ parent }) => parent === info.id).map(({ id }) => id);
      const back = { snapshot: info, children: children.slice(0, MAX_DELETED) };
      const known = this.#states.get(info.number) ?? [];
      this.#states.set(info.number, [...known, { type: 'return_snapshot', ...back }]);
    }
  }

  /** Entries come back with their saved states, as long as the server still has the values. */
  giveBack(entries: readonly Entry[]): void {
    for (const entry of entries) {
      for (const operation of restoreOperations(entry)) this.#append(operation);
      for (const operation of this.#states.get(entry.number) ?? []) this.ports.append(operation);
      this.#states.delete(entry.number);
    }
  }

  #append(operation: AnyOperation): void {
    const result = this.ports.append(operation);
    if (result instanceof Invalid) throw new PlaygroundError('invalid', result.reason);
  }
}

function deletable(number: number, entry: Entry | undefined): Entry {
  const { noEntry, running, wasDeleted } = words.errors;
  if (!entry) throw new PlaygroundError('not-found', noEntry(number));
  if (entry.deleted) throw new PlaygroundError('not-found', wasDeleted(number));
  if (entry.status === 'running' || entry.status === 'queued')
    throw new PlaygroundError('busy', running(number));
  return entry;
}

/** The operations that make a tombstone the entry again, each small enough for a frame. */
export function restoreOperations(entry: Entry): RestoreEntry[] {
  const parts = groups(entry.outputs);
  if (!parts.length || wireBytes(entry.source) > LONG_SOURCE_BYTES) parts.unshift([]);
  const { number, path, pinned } = entry;
  return parts.map((outputs, index) => ({
    type: 'restore_entry',
    number,
    source: index ? '' : entry.source,
    outputs,
    path,
    pinned,
    more: index < parts.length - 1,
  }));
}
