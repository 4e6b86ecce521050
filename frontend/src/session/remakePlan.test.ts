// @vitest-environment node
/** What Python is asked about making variables again, and what is read of its answer. */
import { describe, expect, it } from 'vitest';

import type { Entry, SessionState, VariableRow } from '../protocol.gen';
import { BadClaim } from '../runtime/claims';
import { question, readPlan, wantedRows } from './remakePlan';
import { emptyState } from './testing/server';

function row(name: string, more: Partial<VariableRow> = {}): VariableRow {
  const plain = { type: 'generator', sizeBytes: 8, preview: '', saved: false, reason: 'no' };
  return { name, ...plain, shape: null, entry: null, missing: true, ...more };
}

function entry(number: number, source: string, more: Partial<Entry> = {}): Entry {
  const plain = { status: 'ok', executedAt: 1, fence: 1, durationMs: 1, outputs: [] } as const;
  const rest = { lost: false, deleted: false, pinned: false, origin: null, path: null };
  return { number, source, ...plain, ...rest, kind: 'code', ...more };
}

const state = (variables: VariableRow[], more: Partial<SessionState> = {}): SessionState => ({
  ...emptyState(),
  variables,
  ...more,
});

const answer = (number: number) => ({
  entries: [{ number, makes: ['g'], changes: ['n'], stale: [['m', 4]], warnings: ['asks'] }],
  unknown: [{ name: 'x', deleted: true }],
});

describe('the variables to make again', () => {
  const kept = row('kept', { saved: true, missing: false });
  const here = row('here', { missing: false });

  it('are those that did not come back, or those that are named', () => {
    const all = state([kept, here, row('g')]);
    expect(wantedRows(all, null).map(({ name }) => name)).toEqual(['g']);
    expect(wantedRows(all, ['here', 'kept']).map(({ name }) => name)).toEqual(['here']);
    expect(wantedRows(state([kept, here]), null)).toEqual([here]);
  });

  it('count what cannot be saved as not here only when they are asked about beforehand', () => {
    const all = state([kept, here, row('g', { entry: 3 })]);
    expect(question(all, [], [row('g')])).toMatchObject({ absent: ['g'], hints: { g: 3 } });
    expect(question(all, [], [here])).toMatchObject({ absent: ['here', 'g'] });
  });
});

describe('the question', () => {
  it('has the code of all entries, and where it failed', () => {
    const error = { type: 'error', ename: 'E', evalue: '', traceback: [], hint: null } as const;
    const place = { line: 2, column: null, endColumn: null };
    const entries = [
      entry(1, ':time g = f()', { kind: 'command' }),
      entry(2, ':vars', { kind: 'command' }),
      entry(3, 'a\nb', { status: 'error', outputs: [{ ...error, place }] }),
      entry(4, 'gone', { deleted: true }),
      entry(5, 'from a notebook', { kind: 'imported' }),
    ];
    const asked = question(state([], {}), entries, []) as { entries: unknown[] };
    expect(asked.entries).toEqual([
      { number: 1, source: 'g = f()', failed: false, line: null, deleted: false },
      { number: 2, source: '', failed: false, line: null, deleted: false },
      { number: 3, source: 'a\nb', failed: true, line: 2, deleted: false },
      { number: 4, source: '', failed: false, line: null, deleted: true },
    ]);
  });

  it('says where the session went back to', () => {
    const marks = [
      { after: 3, kind: 'restore', at: 1, to: 1 },
      { after: 4, kind: 'clear', at: 1, to: null },
      { after: 5, kind: 'reset', at: 1, to: null },
    ] as const;
    expect(question(state([], { marks }), [], [])).toMatchObject({
      marks: [
        { after: 3, to: 1 },
        { after: 5, to: 0 },
      ],
    });
  });
});

describe('the answer', () => {
  it('gets the code of the entries, and names the first run of the same code', () => {
    const entries = [
      entry(1, 'g = f()'),
      entry(2, 'g = f()', { origin: 1 }),
      entry(3, 'g = f()', { origin: 2 }),
      entry(4, 'g = h()', { origin: 3, kind: 'file', path: 'a.py' }),
    ];
    const plan = readPlan(answer(3), [row('g')], entries);
    expect(plan).toMatchObject({ names: ['g'], ahead: false, unknown: [{ name: 'x' }] });
    expect(plan.entries).toMatchObject([
      { number: 3, source: 'g = f()', kind: 'code', origin: 1, stale: [{ name: 'm', number: 4 }] },
    ]);
    expect(readPlan(answer(4), [row('g')], entries).entries).toMatchObject([
      { kind: 'file', path: 'a.py', origin: 4 },
    ]);
    expect(readPlan(answer(9), [row('g')], entries).entries).toEqual([]);
  });

  it('is refused when it is no such answer', () => {
    for (const wrong of [null, {}, { entries: [{ number: 'x' }], unknown: [] }])
      expect(() => readPlan(wrong, [], [])).toThrow(BadClaim);
    const odd = { ...answer(1), entries: [{ ...answer(1).entries[0], warnings: ['other'] }] };
    expect(() => readPlan(odd, [], [entry(1, 'g')])).toThrow(BadClaim);
  });
});
