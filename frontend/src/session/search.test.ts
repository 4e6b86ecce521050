import { describe, expect, it } from 'vitest';

import type { Entry, Output } from '../protocol.gen';
import { matching, neighbour, occurrences } from './search';

const entry = (number: number, source: string, ...outputs: Output[]) =>
  ({ number, source, outputs }) as unknown as Entry;
const stream = (text: string, name: 'stdout' | 'stderr' = 'stdout'): Output => ({
  type: 'stream',
  name,
  text,
});
const result = (data: { [mime: string]: string }) =>
  ({ type: 'execute_result', data, blobs: {} }) as unknown as Output;
const error = {
  type: 'error',
  ename: 'ValueError',
  evalue: 'no such pelican',
  traceback: ['Traceback', 'line one'],
} as unknown as Output;

describe('the search of the transcript', () => {
  const entries = [
    entry(1, 'print("Needle")'),
    entry(2, 'x', stream('nee'), stream('dle in two pieces')),
    entry(3, 'x', stream('nee'), stream('dle', 'stderr')),
    entry(4, 'x', stream('\u001b[31mnee\u001b[0mdle')),
    entry(5, 'x', result({ 'text/plain': "'a NEEDLE'", 'text/html': '<b>hay</b>' })),
    entry(6, 'x', error),
    entry(7, 'x', result({ 'image/png': 'bmVlZGxl' })),
  ];

  it('finds code, prints, results and errors, whatever the case', () => {
    expect(matching(entries, 'needle')).toEqual([1, 2, 4, 5]);
    expect(matching(entries, 'PELICAN')).toEqual([6]);
    expect(matching(entries, 'line one')).toEqual([6]);
    expect(matching(entries, '#7')).toEqual([7]);
    expect(matching(entries, '<b>')).toEqual([]);
    expect(matching(entries, '')).toEqual([]);
  });

  it('sees what an entry has become', () => {
    const before = entry(8, 'x', stream('half'));
    expect(matching([before], 'whole')).toEqual([]);
    expect(matching([{ ...before, outputs: [stream('whole')] }], 'whole')).toEqual([8]);
  });

  it('goes from one to the next and round', () => {
    const found = [2, 5, 9];
    expect(neighbour(found, null, false)).toBe(9);
    expect(neighbour(found, 9, false)).toBe(5);
    expect(neighbour(found, 2, false)).toBe(9);
    expect(neighbour(found, 9, true)).toBe(2);
    expect(neighbour(found, 4, true)).toBe(5);
  });

  it('says where text stands', () => {
    expect(occurrences('a Foo, foo', 'FOO')).toEqual([
      [2, 5],
      [7, 10],
    ]);
    expect(occurrences('aaaa', 'aa')).toHaveLength(2);
    expect(occurrences('abc', '')).toEqual([]);
    expect(occurrences('İ foo', 'foo')).toEqual([]);
  });
});
