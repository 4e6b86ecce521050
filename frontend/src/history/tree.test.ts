import { describe, expect, it } from 'vitest';

import type { Mark, SessionState } from '../protocol.gen';
import { emptyState } from '../session/testing/server';
import { entry, snapshot } from './testing';
import { headOf, LANES, nodesOf, placed, rowsOf } from './tree';

const of = (change: Partial<SessionState>): SessionState => ({ ...emptyState(), ...change });
const chain = (from: number, to: number, parent: string | null = null) =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    snapshot(from + index, { parent: index ? `s${from + index - 1}` : parent }),
  );
const restored = (after: number, to: number | null, at: number): Mark => ({
  after,
  kind: 'restore',
  at,
  to,
});
const nothing = new Set<string>();
const never = () => false;

/** What a person sees: the lanes beside each other, o for the line itself. */
function drawn(state: SessionState, open = nothing): string[] {
  return placed(rowsOf(nodesOf(state), never, open)).map(({ id, lane, through, starts }) => {
    const signs = Array.from({ length: 3 }, (_, at) =>
      at === lane ? 'o' : through.includes(at) ? '|' : starts.includes(at) ? '\\' : ' ',
    );
    return `${signs.join('').trimEnd()} ${id}`;
  });
}

describe('the tree of states', () => {
  it('is a line while nobody goes back', () => {
    const state = of({ snapshots: chain(1, 3), head: 's3' });
    expect(drawn(state)).toEqual(['o s1', 'o s2', 'o s3']);
    expect(headOf(nodesOf(state), state)).toBe('s3');
  });

  it('branches where someone went back and ran something', () => {
    const snapshots = [...chain(1, 4), ...chain(5, 6, 's2'), snapshot(7, { parent: 's1' })];
    expect(drawn(of({ snapshots, head: 's7' }))).toEqual([
      'o \\ s1',
      'o\\| s2',
      'o|| s3',
      'o|| s4',
      ' o| s5',
      ' o| s6',
      '  o s7',
    ]);
  });

  it('uses a lane again when its branch has ended', () => {
    const snapshots = [
      ...chain(1, 3),
      snapshot(4, { parent: 's2' }),
      snapshot(5, { parent: 's3' }),
      snapshot(6, { parent: 's5' }),
      snapshot(7, { parent: 's5' }),
    ];
    expect(drawn(of({ snapshots, head: 's7' }))).toEqual([
      'o s1',
      'o\\ s2',
      'o| s3',
      '|o s4',
      'o\\ s5',
      'o| s6',
      ' o s7',
    ]);
  });

  it('begins with the beginning when several states came from nothing', () => {
    const snapshots = [...chain(1, 2), snapshot(3)];
    expect(drawn(of({ snapshots, head: 's3' }))).toEqual(['o\\ start', 'o| s1', 'o| s2', ' o s3']);
    const back = of({ snapshots: chain(1, 2), head: null });
    expect(headOf(nodesOf(back), back)).toBe('start');
    expect(nodesOf(of({})).length).toBe(0);
  });

  it('stays a tree whatever parents are claimed', () => {
    const snapshots = [snapshot(1, { parent: 's2' }), snapshot(2, { parent: 's1' })];
    expect(nodesOf(of({ snapshots, head: 's2' })).map(({ parent }) => parent)).toEqual([
      null,
      's1',
    ]);
    const own = [snapshot(1, { parent: 's1' })];
    expect(nodesOf(of({ snapshots: own, head: 's1' }))[0]?.parent).toBeNull();
  });

  it('has entries without a state where the session stood, with the reason', () => {
    const state = of({
      nextNumber: 6,
      head: 's5',
      entries: [
        entry(1),
        entry(2),
        entry(3, { kind: 'command', executedAt: 2_600 }),
        entry(4, { deleted: true, executedAt: 2_900 }),
        entry(5),
      ],
      snapshots: [...chain(1, 2), snapshot(5, { parent: 's1' })],
      marks: [restored(3, 1, 2_800)],
    });
    const found = nodesOf(state).map(({ id, parent, reason }) => [id, parent, reason !== '']);
    expect(found).toEqual([
      ['s1', null, false],
      ['s2', 's1', false],
      ['entry 3', 's2', true],
      ['entry 4', 's1', true],
      ['s5', 's1', false],
    ]);
  });

  it('gives entries without a state no branch', () => {
    const state = of({
      nextNumber: 5,
      head: 's4',
      entries: [entry(1), entry(2, { kind: 'command' }), entry(3), entry(4)],
      snapshots: [snapshot(1), snapshot(3, { parent: 's1' }), snapshot(4, { parent: 's1' })],
    });
    expect(drawn(state)).toEqual(['o\\ s1', 'o| entry 2', 'o| s3', ' o s4']);
  });

  it('folds entries without a state with the steps around them', () => {
    const snapshots = chain(1, 40).filter(({ number }) => number !== 20);
    const joined = snapshots.map((info) =>
      info.number === 21 ? { ...info, parent: 's19' } : info,
    );
    const command = entry(20, { kind: 'command', executedAt: 19_800 });
    const state = of({ snapshots: joined, entries: [command], nextNumber: 41, head: 's40' });
    const lines = rowsOf(nodesOf(state), never, nothing);
    expect(lines.map(({ id, nodes }) => `${id} ${nodes.length}`)).toEqual([
      's1 1',
      'fold s2 38',
      's40 1',
    ]);
  });

  it('says why there is no state', () => {
    const state = of({
      nextNumber: 8,
      entries: [
        entry(3, { deleted: true }),
        entry(4, { kind: 'command' }),
        entry(5),
        entry(6),
        entry(7, { status: 'running', durationMs: null }),
      ],
      snapshots: [snapshot(2), snapshot(6, { parent: 's2' })],
      head: 's6',
    });
    expect(nodesOf(state).map(({ reason }) => reason)).toEqual([
      '',
      expect.stringContaining('deleted'),
      expect.stringContaining('command'),
      expect.stringContaining('older states are thinned out'),
      '',
      expect.stringContaining('running'),
    ]);
  });

  it('folds single steps when there are many, and unfolds them', () => {
    const snapshots = [
      ...chain(1, 20),
      snapshot(21, { parent: 's20', label: 'good' }),
      ...chain(22, 40, 's21'),
      ...chain(41, 44, 's10'),
    ];
    const state = of({ snapshots, head: 's44' });
    const lines = rowsOf(nodesOf(state), ({ id }) => id === 's30', nothing);
    expect(lines.map(({ id, nodes }) => `${id} ${nodes.length}`)).toEqual([
      's1 1',
      'fold s2 8',
      's10 1',
      's11 1',
      'fold s12 9',
      's21 1',
      'fold s22 8',
      's30 1',
      'fold s31 9',
      's40 1',
      's41 1',
      's42 1',
      's43 1',
      's44 1',
    ]);
    expect(lines.flatMap(({ nodes }) => nodes).length).toBe(44);
    expect(lines[4]?.parent).toBe('s11');
    const open = rowsOf(nodesOf(state), never, new Set(['fold s12']));
    expect(open.filter(({ nodes }) => nodes.length === 1).length).toBeGreaterThan(15);
  });

  it('is small for a thousand states, and bounded for a thousand branches', () => {
    const long = of({ snapshots: chain(1, 1_000), head: 's1000' });
    expect(rowsOf(nodesOf(long), never, nothing).length).toBe(3);
    const bush = Array.from({ length: 999 }, (_, index) => snapshot(index + 2, { parent: 's1' }));
    const wide = placed(
      rowsOf(nodesOf(of({ snapshots: [snapshot(1), ...bush], head: 's9' })), never, nothing),
    );
    expect(wide.length).toBe(1_000);
    expect(Math.max(...wide.map(({ lane }) => lane))).toBe(LANES - 1);
  });
});
