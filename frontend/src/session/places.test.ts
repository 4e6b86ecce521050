import { describe, expect, it } from 'vitest';

import type { Cause, Entry, SessionState, SnapshotInfo } from '../protocol.gen';
import { ending } from './ending';
import { markText, places } from './places';
import { stateBefore } from './undo';

const snapshot = (id: string, number: number, cause: Cause, parent: string | null = null) =>
  ({ id, number, cause, parent }) as SnapshotInfo;
const state = (head: string | null, ...snapshots: SnapshotInfo[]) =>
  ({ head, snapshots }) as unknown as SessionState;
const run = [snapshot('a', 1, 'execution'), snapshot('b', 2, 'execution', 'a')];

describe('places', () => {
  it('says nothing about the newest state while the session stands on it', () => {
    const where = places(state('b', ...run));
    expect([1, 2, 3].map((number) => where.of(number))).toEqual(['back', null, null]);
  });

  it('shows the way forward after going back', () => {
    const where = places(state('a', ...run));
    expect([1, 2].map((number) => where.of(number))).toEqual(['here', 'forward']);
  });

  it('offers the way back to before a clear', () => {
    const cleared = state('c', ...run, snapshot('c', 2, 'clear', 'b'));
    expect(places(cleared).of(2)).toBe('back');
    expect(stateBefore(cleared, 'clear')).toBe('b');
    expect(stateBefore(cleared, 'reset')).toBeNull();
  });
});

describe('words', () => {
  it('tell what moved the session', () => {
    expect(markText({ after: 5, kind: 'restore', at: 0, to: 3 })).toBe('Went back to #3');
    expect(markText({ after: 5, kind: 'restore', at: 0, to: 5 })).toBe('Returned to #5');
    expect(markText({ after: 5, kind: 'restore', at: 0, to: 0 })).toBe(
      'Went back to the beginning',
    );
    expect(markText({ after: 5, kind: 'reset', at: 0, to: null })).toBe('Fresh start');
  });

  it('tell how a run ended', () => {
    const base = { number: 4, status: 'ok', outputs: [] } as unknown as Entry;
    const none = { traceback: [], hint: null, place: null };
    const error = { type: 'error', ename: 'E', evalue: 'no', ...none } as const;
    expect(ending(base)).toBe('Entry 4 is done.');
    expect(ending({ ...base, status: 'error', outputs: [error] })).toBe(
      'Entry 4 ended with an error. E: no',
    );
    expect(ending({ ...base, status: 'running' })).toBe('');
  });
});
