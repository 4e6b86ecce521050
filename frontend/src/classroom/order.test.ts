import { describe, expect, it } from 'vitest';

import { counts, doing, grouped, placed } from './order';
import type { Hand, Tile } from './protocol.gen';

const LIMITS = { sameErrors: 3, quietMinutes: 5 };
const NOW = 1_000_000_000;
const MINUTE = 60_000;

function tile(id: number, changes: Partial<Tile> = {}): Tile {
  return {
    id,
    name: `P${id}`,
    session: null,
    here: true,
    run: 'ok',
    number: 1,
    code: '',
    output: '',
    shown: '',
    error: '',
    errorLine: 0,
    sameError: 0,
    runs: 1,
    ranAt: NOW,
    okAt: NOW,
    tryingAt: null,
    activeAt: NOW,
    locked: false,
    ...changes,
  };
}

function hand(pupil: number): Hand {
  return { id: pupil, pupil, question: '', number: 0, askedAt: NOW, claimedBy: null };
}

describe('how a pupil is doing', () => {
  it.each([
    ['active', {}],
    ['away', { here: false, sameError: 9 }],
    ['stuck', { sameError: 3 }],
    ['active', { sameError: 2 }],
    ['stuck', { tryingAt: NOW - 6 * MINUTE }],
    ['active', { tryingAt: NOW - 4 * MINUTE }],
    ['quiet', { tryingAt: NOW - 60 * MINUTE, activeAt: NOW - 6 * MINUTE, sameError: 5 }],
    ['quiet', { activeAt: null }],
  ] as const)('is %s', (expected, changes) => {
    expect(doing(tile(1, changes), null, LIMITS, NOW)).toBe(expected);
  });

  it('is a hand before anything else, also of somebody away', () => {
    expect(doing(tile(1, { here: false }), hand(1), LIMITS, NOW)).toBe('hand');
  });
});

it('orders hands by waiting, then stuck, working, quiet and away, each by name', () => {
  const tiles = [
    tile(1, { here: false }),
    tile(2, { name: 'Zoe' }),
    tile(3, { name: 'Ada' }),
    tile(4, { sameError: 3 }),
    tile(5),
    tile(6),
    tile(7, { activeAt: null }),
  ];
  const order = placed(tiles, [hand(6), hand(5)], LIMITS, NOW);
  expect(order.map((one) => one.tile.id)).toEqual([6, 5, 4, 3, 2, 7, 1]);
  expect(counts(order)).toEqual({ active: 2, stuck: 3, quiet: 1, away: 1 });
});

describe('groups', () => {
  const tiles = [
    tile(1, { error: 'NameError: name …', errorLine: 3 }),
    tile(2, { error: 'NameError: name …', errorLine: 3 }),
    tile(3, { error: 'NameError: name …', errorLine: 4 }),
    tile(4, { shown: '55\n' }),
    tile(5, { shown: '55' }),
  ];
  const all = placed(tiles, [], LIMITS, NOW);
  const ids = (by: 'error' | 'output' | 'value', values = null as Parameters<typeof grouped>[2]) =>
    grouped(all, by, values).map((group) => [group.name, group.placed.map((one) => one.tile.id)]);

  it('are by the same error at the same line, those without last', () => {
    expect(ids('error')).toEqual([
      ['NameError: name … · 3', [1, 2]],
      ['NameError: name … · 4', [3]],
      [null, [4, 5]],
    ]);
  });

  it('are by what was shown', () => {
    expect(ids('output')).toEqual([
      ['55', [4, 5]],
      [null, [1, 2, 3]],
    ]);
  });

  it('are by the value of a variable', () => {
    const groups = [{ preview: 'int 55', pupils: [2, 3] }];
    expect(ids('value', { type: 'values', variable: 'x', groups, without: [1, 4, 5] })).toEqual([
      ['int 55', [2, 3]],
      [null, [1, 4, 5]],
    ]);
  });
});
