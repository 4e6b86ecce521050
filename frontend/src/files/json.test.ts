import { describe, expect, it } from 'vitest';

import type { Branch, TreeNode } from '../outputs/structure';
import { around, readJson } from './json';

const tree = (text: string): TreeNode => {
  const found = readJson(text);
  if ('wrong' in found) throw new Error(JSON.stringify(found.wrong));
  return found.tree;
};
const wrong = (text: string) => {
  const found = readJson(text);
  if ('tree' in found) throw new Error('it was read');
  return found.wrong;
};

describe('JSON text', () => {
  it('becomes a tree', () => {
    expect(tree('\ufeff {"a": [1, "x\\u00e4"], "b": {}}\n')).toEqual({
      open: '{',
      close: '}',
      size: 2,
      more: 0,
      items: [
        [
          '"a"',
          {
            open: '[',
            close: ']',
            size: 2,
            more: 0,
            items: [
              ['0', { text: '1' }],
              ['1', { text: '"xä"' }],
            ],
          },
        ],
        ['"b"', { open: '{', close: '}', size: 0, more: 0, items: [] }],
      ],
    });
    expect(tree(' null ')).toEqual({ text: 'null' });
  });

  it('keeps all digits, and names that stand twice', () => {
    const { items } = tree('{"n": 12345678901234567890.10, "n": 1e400}') as Branch;
    expect(items).toEqual([
      ['"n"', { text: '12345678901234567890.10' }],
      ['"n"', { text: '1e400' }],
    ]);
  });

  it('is shown in bounds', () => {
    const long = tree(`[${Array(20_000).fill('[1]').join()}]`) as Branch;
    expect(long.size).toBe(20_000);
    expect(long.items.length + long.more).toBe(20_000);
    expect(long.items.length).toBeLessThanOrEqual(5_000);
    const text = tree(JSON.stringify('x'.repeat(100_000)));
    expect('text' in text && text.text.length).toBe(301);
    const deep = 999;
    expect(tree('['.repeat(deep) + ']'.repeat(deep))).toMatchObject({ size: 1 });
    expect(wrong('['.repeat(100_000))).toMatchObject({ missing: 'depth', column: 1_001 });
  });

  it.each([
    ['', 1, 1, 'value'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'next'],
    ['{"a": 1,}', 1, 9, 'key'],
    ["{'a': 1}", 1, 2, 'key'],
    ['{"a" 1}', 1, 6, 'colon'],
    ['[1, 2', 1, 6, 'next'],
    ['[1, ]', 1, 5, 'value'],
    ['[1}', 1, 3, 'next'],
    ['[NaN]', 1, 2, 'value'],
    ['[01]', 1, 2, 'value'],
    ['["a\nb"]', 1, 2, 'value'],
    ['["😀" 1]', 1, 6, 'next'],
    ['{} {}', 1, 4, 'end'],
  ])('%j is wrong at line %i, column %i: %s', (text, line, column, missing) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(wrong(text)).toMatchObject({ line, column, missing });
  });

  it('agrees with the browser about what is JSON', () => {
    const parts = ['{', '}', '[', ']', ',', ':', '"a"', '1', '-', 'true', ' ', '\n', '1.5e3', '.'];
    let seed = 7;
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
    for (let round = 0; round < 20_000; round += 1) {
      const text = Array.from(
        { length: 1 + (next() % 7) },
        () => parts[next() % parts.length],
      ).join('');
      let right = true;
      try {
        JSON.parse(text);
      } catch {
        right = false;
      }
      expect([text, 'tree' in readJson(text)]).toEqual([text, right]);
    }
  });

  it('shows what is around a mistake', () => {
    const text = 'one\ntwo\nthree\nfo!ur\nfive';
    expect(around(text, 16)).toEqual({ before: 'two\nthree\nfo', here: '!', after: 'ur' });
    expect(around(text, text.length).here).toBe('');
    expect(around('x'.repeat(10_000), 5_000).before).toHaveLength(200);
  });
});
