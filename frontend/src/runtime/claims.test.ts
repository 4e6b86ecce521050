import { describe, expect, it } from 'vitest';

import { BadClaim, count, isInside, list, milliseconds, oneOf, parse, text } from './claims';

describe('claims', () => {
  it('gives valid text of bounded length', () => {
    expect(text('abc', 3)).toBe('abc');
    expect(text('a\ud800b', 3)).toBe('a\ufffdb');
    for (const bad of ['abcd', 5, null, undefined, ['a'], { length: 1 }])
      expect(() => text(bad, 3)).toThrow(BadClaim);
  });

  it('gives counts that a server takes', () => {
    expect(count(0)).toBe(0);
    for (const bad of [-1, 1.5, NaN, Infinity, 2 ** 53, '1', null])
      expect(() => count(bad)).toThrow(BadClaim);
  });

  it('gives durations', () => {
    expect(milliseconds(0.25)).toBe(0.25);
    for (const bad of [-0.1, NaN, Infinity, 1e13, '1'])
      expect(() => milliseconds(bad)).toThrow(BadClaim);
  });

  it('gives lists of bounded length, and words of a list', () => {
    expect(list([1, 2], 2, count)).toEqual([1, 2]);
    expect(() => list([1, 2, 3], 2, count)).toThrow(BadClaim);
    expect(() => list({ length: 0 }, 2, count)).toThrow(BadClaim);
    expect(oneOf('b', 'a', 'b')).toBe('b');
    expect(() => oneOf('constructor', 'a', 'b')).toThrow(BadClaim);
  });

  it('takes broken JSON for a bad claim', () => {
    expect(() => parse('{')).toThrow(BadClaim);
  });

  it('does not parse JSON whose structure alone could fill the memory', () => {
    const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parse(deep(100))).not.toThrow();
    for (const bomb of [deep(101), '['.repeat(60_000_000), `[${'1,'.repeat(2_000_000)}1]`])
      expect(() => parse(bomb)).toThrow(BadClaim);
  });

  it('does not look for the end of a text that is quotes alone', () => {
    const began = performance.now();
    expect(() => parse(`["${'\\"'.repeat(3e7)}"]`)).toThrow(BadClaim);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('parses long texts, whatever they hold', () => {
    for (const long of ['[{",'.repeat(1_500_000), '"\\'.repeat(2_000_000), 'x'.repeat(9_000_000)])
      expect(parse(JSON.stringify([long]))).toEqual([long]);
    expect(() => parse('"never ends')).toThrow(BadClaim);
  });

  it('knows paths that stay inside the home folder', () => {
    for (const good of ['a', 'data/a.csv', '...', '.hidden', 'ä ö'])
      expect(isInside(good)).toBe(true);
    for (const bad of ['', '/a', 'a/', '../a', 'a/../b', './a', 'a//b', 'a\0b', 'x'.repeat(401)])
      expect(isInside(bad)).toBe(false);
  });
});
