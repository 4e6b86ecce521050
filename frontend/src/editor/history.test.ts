import { describe, expect, it } from 'vitest';

import { History, matching, tellingLine } from './history';

describe('walking through the history', () => {
  it('goes back over each input once, and forward to the draft', () => {
    const history = new History();
    const sources = ['a', 'b', 'a'];
    expect([history.back('draft', sources), history.back('a', sources)]).toEqual(['a', 'b']);
    expect(history.back('b', sources)).toBeNull();
    expect([history.forward(), history.forward(), history.forward()]).toEqual(['a', 'draft', null]);
  });
});

describe('searching the history', () => {
  const sources = ['import math', 'x = 1', 'print(x)', 'X = 2\nprint("sum", X)', 'x = 1', ' '];

  it('finds the newest first, each once, and all for no words', () => {
    expect(matching(sources, '')).toEqual([
      'x = 1',
      'X = 2\nprint("sum", X)',
      'print(x)',
      'import math',
    ]);
  });

  it('wants all words, whatever their case', () => {
    expect(matching(sources, 'PRINT sum')).toEqual(['X = 2\nprint("sum", X)']);
    expect(matching(sources, 'nothing')).toEqual([]);
  });

  it('gives no more than asked', () => expect(matching(sources, 'x', 1)).toHaveLength(1));

  it('shows the line with the first word', () => {
    expect(tellingLine('a = 1\n\nprint(a)', 'PRINT')).toBe('print(a)');
    expect(tellingLine('\na = 1\nb', '')).toBe('a = 1');
  });
});
