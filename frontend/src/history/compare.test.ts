import { describe, expect, it } from 'vitest';

import { compare, counts, definitionIn, textOf } from './compare';
import { linesOf, piecesOf } from './diff';
import { found, manifest } from './testing';

const A = 'a'.repeat(16);
const B = 'b'.repeat(16);
const file = (path: string, hash: string) => ({ path, blob: { hash, size: 1 }, modifiedAt: 5 });

describe('two states', () => {
  it('differ in what was added, removed and changed', () => {
    const before = manifest({
      variables: [found('gone', '1', { content: A }), found('kept', '2', { content: A })],
    });
    const after = manifest({
      variables: [found('kept', '2', { content: A }), found('fresh', '3', { content: B })],
    });
    const { variables } = compare(before, after);
    expect(variables.map(({ name, change }) => [name, change])).toEqual([
      ['fresh', 'added'],
      ['gone', 'removed'],
      ['kept', 'same'],
    ]);
    expect(counts(variables)).toEqual({ changed: 0, added: 1, removed: 1, same: 1 });
  });

  it('are compared by what variables hold, not by how they look', () => {
    const one = (content: string, sizeBytes: number) =>
      manifest({ variables: [found('x', '[0, 0, …]', { type: 'list', content, sizeBytes })] });
    const [hidden] = compare(one(A, 80), one(B, 80)).variables;
    expect(hidden?.change).toBe('changed');
    expect(hidden?.notes).toEqual([expect.stringContaining('looks the same')]);
    // The estimate of a size may differ after a value was brought back.
    expect(compare(one(A, 80), one(A, 88)).variables[0]?.change).toBe('same');
  });

  it('are compared by looks where a value was not saved', () => {
    const before = manifest({
      variables: [found('g', '<generator>')],
      unsaved: [{ name: 'g', reason: 'a generator' }],
    });
    const [same] = compare(before, before).variables;
    expect(same).toMatchObject({ change: 'same', reason: 'a generator' });
    const after = manifest({ variables: [found('g', '[1]', { content: A })] });
    expect(compare(before, after).variables[0]?.change).toBe('changed');
  });

  it.each([
    [found('n', '5', { content: A }), found('n', '12', { content: B }), 'by +7'],
    [found('n', '5', { content: A }), found('n', '-1', { content: B }), 'by −6'],
    [
      found('n', '9'.repeat(30), { content: A }),
      found('n', `1${'0'.repeat(30)}`, { content: B }),
      'by +1',
    ],
    [
      found('n', '0.1', { type: 'float', content: A }),
      found('n', '0.3', { type: 'float', content: B }),
      'by +0.2',
    ],
    [
      found('n', '1', { content: A }),
      found('n', "'1'", { type: 'str', content: B }),
      'int became str',
    ],
    [
      found('n', '[…]', { type: 'list', shape: '10', content: A }),
      found('n', '[, …]', { type: 'list', shape: '13', content: B }),
      '10 → 13 elements (3 more)',
    ],
    [
      found('f', '<function f()>', { type: 'function', entry: 2, line: 1, content: A }),
      found('f', '<function f()>', { type: 'function', entry: 9, line: 1, content: B }),
      'defined in #2, then in #9',
    ],
  ])('say how %j became %j', (before, after, note) => {
    const of = (row: typeof before) => manifest({ variables: [row] });
    expect(compare(of(before), of(after)).variables[0]?.notes).toContain(note);
  });

  it('say nothing of numbers that are none', () => {
    const of = (preview: string, content: string) =>
      manifest({ variables: [found('n', preview, { type: 'float', content })] });
    expect(compare(of('nan', A), of('1.0', B)).variables[0]?.notes).toEqual([]);
  });

  it('do not take rows that were not kept for variables that are gone', () => {
    const units = [{ names: ['a', 'beyond'], blob: { hash: 'f', size: 1 } }];
    const before = manifest({ units, variables: [found('a', '1', { content: A })] });
    const after = manifest({
      units,
      variables: [found('a', '1', { content: A }), found('beyond', '2', { content: A })],
    });
    const { variables, more } = compare(before, after);
    expect(variables.map(({ name }) => name)).toEqual(['a']);
    expect(more).toBe(1);
  });

  it('of which one kept no rows differ in files alone', () => {
    const before = manifest({ variables: null, files: [file('a', '1'), file('b', '1')] });
    const after = manifest({ files: [file('b', '2'), file('c', '1'), file('d', '1')] });
    const { blind, files, variables } = compare(before, after);
    expect([blind, variables]).toEqual([true, []]);
    expect(files.map(({ path, change }) => [path, change])).toEqual([
      ['b', 'changed'],
      ['c', 'added'],
      ['d', 'added'],
      ['a', 'removed'],
    ]);
  });
});

describe('texts', () => {
  it('differ by words and signs in a line', () => {
    expect(piecesOf("{'a': 1, 'b': 2}", "{'a': 1, 'b': 30}")).toEqual([
      { kind: 'same', text: "{'a': 1, 'b': " },
      { kind: 'removed', text: '2' },
      { kind: 'added', text: '30' },
      { kind: 'same', text: '}' },
    ]);
    expect(piecesOf('', 'a b')).toEqual([{ kind: 'added', text: 'a b' }]);
  });

  it('differ by lines, with a few around', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8'].join('\n');
    const [lines, left] = linesOf(before, before.replace('5', 'five'), 100);
    expect(left).toBe(0);
    const signs = { same: ' ', removed: '-', added: '+' };
    expect(lines.map((line) => (line ? signs[line.kind] + line.text : '…'))).toEqual([
      '…',
      ' 3',
      ' 4',
      '-5',
      '+five',
      ' 6',
      ' 7',
      '…',
    ]);
    expect(linesOf('a\nb\nc', 'd\ne\nf', 4)).toEqual([expect.any(Array), 2]);
  });

  it('that are long differ as a whole in the middle', () => {
    const many = (letter: string) =>
      ['same', ...Array.from({ length: 900 }, (_, at) => `${letter}${at}`)].join('\n');
    const [lines] = linesOf(many('a'), many('b'), 5_000);
    expect(lines.length).toBe(1_801);
  });

  it('are known from other files', () => {
    expect(textOf(new TextEncoder().encode('ä').buffer)).toBe('ä');
    expect(textOf(new Uint8Array([0xff, 0xfe]).buffer)).toBeNull();
    expect(textOf(new Uint8Array([65, 0]).buffer)).toBeNull();
  });
});

describe('a definition in a source', () => {
  const source = [
    'n = 1',
    '@cached',
    'def f(a,',
    '      b,',
    '):',
    '    """Text',
    'to the left.',
    '    """',
    '',
    '    return a',
    'm = f(1, 2)',
    'class C:',
    '    def g(self):',
    '        return 1',
    '',
    '    x = 1',
  ].join('\n');

  it('goes on to the next line that stands as far left', () => {
    expect(definitionIn(source, 2)).toBe(source.split('\n').slice(1, 10).join('\n'));
    expect(definitionIn(source, 12)).toBe(source.split('\n').slice(11).join('\n'));
    expect(definitionIn(source, 13)).toBe('    def g(self):\n        return 1');
  });

  it('is none where none begins', () => {
    expect(definitionIn(source, 1)).toBeNull();
    expect(definitionIn(source, 99)).toBeNull();
    expect(definitionIn('f = lambda: 1', 1)).toBeNull();
  });
});
