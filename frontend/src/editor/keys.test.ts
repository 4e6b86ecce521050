import { describe, expect, it } from 'vitest';

import { History } from './history';
import { enterMeans, leaves, lineBreak } from './keys';
import { plainlyUnfinished } from './unfinished';

const enter = (text: string, caret = text.length) => enterMeans(text, caret);

describe('Enter', () => {
  it.each(['6 * 7', 'x = {"a": 1}', 'for i in x: print(i)', 'def f():\n    pass\n', 'a\nb'])(
    'asks whether %j is whole',
    (text) => expect(enter(text)).toBe('ask'),
  );

  it.each([
    '',
    'for i in x:',
    'if x:  # why',
    'def f():\n    return 1',
    'f(1,',
    '"""text',
    '@cached',
    'x = 1 + \\',
  ])('goes on after %j', (text) => expect(enter(text)).toBe('newline'));

  it('breaks the line in the middle of several lines', () => {
    expect(enter('a = 1\nb = 2', 3)).toBe('newline');
    expect(enter('a = 1', 2)).toBe('ask');
  });
});

describe('a line break', () => {
  it.each([
    ['for i in x:', '\n    '],
    ['    if y:', '\n        '],
    ['    y = 1', '\n    '],
    ['    return 1', '\n'],
    ['x', '\n'],
  ])('after %j is %j', (text, expected) => {
    expect(lineBreak(text, text.length)).toBe(expected);
  });
});

describe('Enter before brackets that closed by themselves', () => {
  it.each(['(6 *|)', 'f(1,|)', 'x = [|]', '{|}', 'x = (|)', 'f([1,|])', '{"a":|}', '[a for|]'])(
    'goes on in %s',
    (text) => expect(enterMeans(text.replace('|', ''), text.indexOf('|'))).toBe('newline'),
  );

  it.each(['print(|)', 'f(1|)', 'x[0|]', "print('a'|)", 'f(g(|))', '(1, 2)|'])(
    'asks about %s',
    (text) => expect(enterMeans(text.replace('|', ''), text.indexOf('|'))).toBe('ask'),
  );
});

describe('plainlyUnfinished', () => {
  it.each(['(', '[1, 2', '{"a": (1', "'''open", 'f("""x'])('says so of %j', (text) =>
    expect(plainlyUnfinished(text)).toBe(true),
  );

  it.each(['"("', '# (', "'[' + '{'", '"""(\n"""', 'f(")")', ')', 'r"\\"', "'''a\\''''"])(
    'does not of %j',
    (text) => expect(plainlyUnfinished(text)).toBe(false),
  );
});

describe('the history', () => {
  it('goes back and forward and keeps what was being written', () => {
    const history = new History();
    const sources = ['one', 'two', 'one'];
    expect(history.back('draft', sources)).toBe('one');
    expect(history.back('one', sources)).toBe('two');
    expect(history.back('two', sources)).toBeNull();
    expect(history.forward()).toBe('one');
    expect(history.forward()).toBe('draft');
    expect(history.forward()).toBeNull();
  });

  it('is entered from the first and the last line only', () => {
    expect(leaves('a\nb', 1, true)).toBe(true);
    expect(leaves('a\nb', 3, true)).toBe(false);
    expect(leaves('a\nb', 0, false)).toBe(false);
    expect(leaves('a\nb', 2, false)).toBe(true);
  });
});
