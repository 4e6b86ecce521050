import { expect, it } from 'vitest';

import { count, duration, size } from './format';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_400, '1.4 KB'],
  [9_960, '10 KB'],
  [999_600, '1.0 MB'],
  [10_000_000, '10 MB'],
  [5e15, '5000 TB'],
])('tells the size %d as %s', (bytes, words) => expect(size(bytes)).toBe(words));

it.each([
  [0.2, '1 ms'],
  [94, '94 ms'],
  [120, '0.1 s'],
  [9_960, '10 s'],
  [75_000, '1 min 15 s'],
  [3_840_000, '1 h 4 min'],
])('tells the duration %d ms as %s', (ms, words) => expect(duration(ms)).toBe(words));

it('counts', () => {
  expect(count(1, 'line')).toBe('1 line');
  expect(count(19_960, 'line')).toBe('19,960 lines');
});
