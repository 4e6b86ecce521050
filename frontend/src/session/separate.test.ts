/** Work that came too late, planned into a session of its own. */
import { describe, expect, it } from 'vitest';
import type { AnyOperation, SessionState } from '../protocol.gen';
import type { StoredOrphan } from './database';
import { applyOperation, Invalid } from './reducer';
import { describe as lines, lastCommonEntry, planSeparate, worthKeeping } from './separate';
import { emptyState } from './testing/server';
import { PLAIN_CODE } from './plan';

function orphans(...operations: AnyOperation[]): StoredOrphan[] {
  return operations.map((operation, index) => ({
    user: 'u',
    session: 's',
    client: 'c',
    n: index + 1,
    fence: 1,
    at: 9,
    needs: operation.type === 'snapshot_saved' ? ['h'] : [],
    operation,
    code: 'fenced',
    message: 'late',
  }));
}

function after(state: SessionState, operations: readonly AnyOperation[]): SessionState {
  return operations.reduce((now, operation) => {
    const record = { seq: now.seq + 1, at: 9, client: 'x', n: 1, fence: 0, operation };
    const next = applyOperation(now, record);
    if (next instanceof Invalid) throw new Error(next.reason);
    return next;
  }, state);
}

const start = (number: number, source = `run ${number}`): AnyOperation => ({
  type: 'start_execution',
  number,
  source,
  ...PLAIN_CODE,
});
const finish = (number: number): AnyOperation => ({
  type: 'finish_execution',
  number,
  status: 'ok',
  durationMs: 1,
  lost: false,
});
const save = (snapshot: string, number: number, parent: string | null): AnyOperation => ({
  type: 'snapshot_saved',
  snapshot,
  number,
  cause: 'execution',
  manifest: { hash: 'h', size: 1 },
  bytes: 1,
  parent,
  unsaved: [],
});

const common = after(emptyState(), [start(1), finish(1), save('s1', 1, null)]);

describe('planSeparate', () => {
  it('continues a fork at the last common entry, with new names for snapshots', () => {
    const work = orphans(
      start(2),
      finish(2),
      save('s2', 2, 's1'),
      start(3),
      finish(3),
      save('s3', 3, 's2'),
    );
    const origin = after(common, [start(2, 'theirs'), finish(2)]);
    expect(lastCommonEntry(work, origin)).toBe(1);
    const planned = planSeparate(work, origin, common).map(({ operation }) => operation);
    const result = after(common, planned);
    expect(result.entries.map(({ source }) => source)).toEqual(['run 1', 'run 2', 'run 3']);
    expect(result.snapshots.map(({ number, parent }) => [number, parent])).toEqual([
      [1, null],
      [2, 's1'],
      [3, result.snapshots[1]?.id],
    ]);
    expect(result.snapshots[2]?.id).not.toBe('s3');
    expect(result.head).toBe(result.snapshots[2]?.id);
  });

  it('starts an entry again whose beginning the session took', () => {
    const origin = after(common, [start(2, 'long run'), finish(2)]);
    const work = orphans(finish(2), save('s2', 2, 's1'));
    expect(lastCommonEntry(work, origin)).toBe(1);
    const planned = planSeparate(work, origin, common).map(({ operation }) => operation);
    expect(after(common, planned).entries.at(-1)).toMatchObject({
      source: 'long run',
      status: 'ok',
    });
  });

  it('leaves out what does not fit', () => {
    const work = orphans(finish(9), start(2), save('s2', 5, null), finish(2));
    const planned = planSeparate(work, common, common).map(({ operation }) => operation.type);
    expect(planned).toEqual(['start_execution', 'finish_execution']);
  });

  it('tells what a person would miss', () => {
    const tables = orphans({ type: 'set_variables', changed: [], removed: ['a'] });
    expect(worthKeeping(tables)).toBe(false);
    expect(worthKeeping(orphans(start(2)))).toBe(true);
    expect(lines(orphans(start(2, 'a = 1\nb = 2'), finish(2)))).toEqual(['#2: a = 1 …']);
  });
});
