/**
 * Work that the session could not take: what it comprises, and how it becomes another session.
 *
 * `planSeparate` is pure: it takes refused operations of one client and the state of a fresh fork
 * and gives the operations that make the fork contain that work.
 */
import type { AnyOperation, SessionState } from '../protocol.gen';
import type { StoredOperation, StoredOrphan } from './database';
import { applyOperation, findEntry, Invalid } from './reducer';
import { PLAIN_CODE } from './plan';
import { newId } from './tab';

export interface Planned {
  operation: AnyOperation;
  needs: string[];
  at: number;
}

/** The work of one client, if it contains anything a person would miss. */
export function worthKeeping(orphans: readonly StoredOperation[]): boolean {
  const valued = ['start_execution', 'append_output', 'finish_execution', 'snapshot_saved'];
  return orphans.some(({ operation }) => valued.includes(operation.type));
}

/** The last entry that the session and the refused work have in common. */
export function lastCommonEntry(orphans: readonly StoredOrphan[], state: SessionState): number {
  for (const { operation } of orphans) {
    if ('number' in operation)
      return operation.type === 'snapshot_saved' ? operation.number : operation.number - 1;
  }
  return state.nextNumber - 1;
}

/** A line for each entry in the refused work, for the person to recognize it by. */
export function describe(orphans: readonly StoredOperation[]): string[] {
  return orphans.flatMap(({ operation }) => {
    if (operation.type !== 'start_execution') return [];
    const [first = '', second] = operation.source.split('\n');
    return [`#${operation.number}: ${first.slice(0, 80)}${second === undefined ? '' : ' …'}`];
  });
}

/**
 * The operations that bring the refused work into `fork`. An entry whose start the first session
 * took is started again with the source known there; what does not fit is left out.
 */
export function planSeparate(
  orphans: readonly StoredOrphan[],
  origin: SessionState,
  fork: SessionState,
): Planned[] {
  const names = new Map<string, string>();
  const planned: Planned[] = [];
  let state = fork;
  const take = (operation: AnyOperation, needs: string[], at: number) => {
    const record = { seq: state.seq + 1, at, client: 'plan', n: 1, fence: 0, operation };
    const after = applyOperation(state, record);
    if (after instanceof Invalid) return;
    state = after;
    planned.push({ operation, needs, at });
  };
  for (const { operation, needs, at } of orphans) {
    const isPart = operation.type === 'append_output' || operation.type === 'finish_execution';
    if (isPart && operation.number === state.nextNumber) {
      const { number } = operation;
      const begun = findEntry(origin, number) ?? { source: '', ...PLAIN_CODE };
      const { source, path } = begun;
      // What runs was never imported; only the type says that it could be.
      const kind = begun.kind === 'imported' ? 'code' : begun.kind;
      take({ type: 'start_execution', number, source, kind, path, origin: begun.origin }, [], at);
    }
    if (operation.type === 'snapshot_saved') {
      const snapshot = newId();
      names.set(operation.snapshot, snapshot);
      take({ ...operation, snapshot, parent: state.head }, needs, at);
    } else if (operation.type === 'restore_snapshot') {
      const { snapshot } = operation;
      const renamed = snapshot === null ? null : (names.get(snapshot) ?? snapshot);
      take({ ...operation, snapshot: renamed }, [], at);
    } else take(operation, needs, at);
  }
  return planned;
}
