import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import Source from '../outputs/Source.svelte';
import { piecesOf } from '../outputs/tokens';
import { tokensOf } from '../outputs/highlight';
import { keptRows, steadied } from '../session/rows';
import { firstLine, originOf, runAgain, toolsOf } from './entryTools';
import { entry, found, manifest, snapshot } from './testing';

describe('the tools of an entry', () => {
  const all = { edits: true, forks: true, snapshot: snapshot(1), collapsed: false };
  const names = (...of: Parameters<typeof toolsOf>) => toolsOf(...of).map(({ name }) => name);

  it('are all there for who may change the session', () => {
    const every = ['copy', 'again', 'edit', 'pin', 'collapse', 'name', 'fork', 'delete'];
    expect(names(entry(1), all)).toEqual(every);
  });

  it('are those that change nothing for a viewer', () => {
    expect(names(entry(1), { ...all, edits: false })).toEqual(['copy', 'collapse', 'fork']);
    const looks = { ...all, edits: false, forks: false };
    expect(names(entry(1), looks)).toEqual(['copy', 'collapse']);
  });

  it('leave out what cannot be done', () => {
    expect(names(entry(1, { status: 'running' }), all)).not.toContain('delete');
    expect(names(entry(1), { ...all, snapshot: null })).not.toContain('name');
    expect(names(entry(1, { source: ' ' }), all)).not.toContain('again');
  });

  it('say the opposite of what is', () => {
    const texts = toolsOf(entry(1, { pinned: true }), { ...all, collapsed: true });
    expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(['Unpin', 'Unfold']));
  });
});

describe('where an entry comes from', () => {
  it('is said by what became of the code', () => {
    const old = entry(3);
    expect(originOf(entry(5), old)).toBeNull();
    expect(originOf(entry(5, { origin: 3, source: 'x = 3' }), old)?.text).toBe('again');
    expect(originOf(entry(5, { origin: 3 }), old)?.text).toBe('edited from');
  });

  it('is true also when the old one is deleted or not loaded', () => {
    const gone = entry(3, { deleted: true, source: '' });
    expect(originOf(entry(5, { origin: 3 }), gone)).toEqual({
      number: 3,
      text: 'from',
      gone: true,
    });
    expect(originOf(entry(5, { origin: 3 }), undefined)?.gone).toBe(false);
  });

  it('runs files and commands as what they were', () => {
    expect(runAgain(entry(2))).toEqual({ source: 'x = 2', origin: 2 });
    const file = entry(2, { kind: 'file', path: 'my file.py' });
    expect(runAgain(file)).toEqual({ source: ':load my file.py', origin: 2 });
    const command = entry(2, { kind: 'command', source: ':vars' });
    expect(runAgain(command)).toEqual({ source: ':vars', origin: 2 });
  });

  it('shows the first line that says something', () => {
    expect(firstLine('\n  \n  if x:\n    y')).toBe('if x:');
    expect(firstLine('')).toBe('');
  });
});

describe('rows that a snapshot keeps', () => {
  it('are bounded', () => {
    const rows = keptRows(Array.from({ length: 2_000 }, (_, n) => found(`v${n}`, 'x'.repeat(900))));
    expect(rows.length).toBe(300);
    expect(rows[0]?.preview.length).toBeLessThanOrEqual(200);
  });

  it('stay the same while what is saved does', () => {
    const units = [{ names: ['a'], blob: { hash: 'one', size: 1 } }];
    const unsaved = [{ name: 'f', reason: 'open' }];
    const before = manifest({
      units,
      unsaved,
      variables: [found('a', '1', { sizeBytes: 88 }), found('f', 'old')],
    });
    const after = manifest({
      units,
      unsaved,
      variables: [found('a', '1', { sizeBytes: 72 }), found('f', 'new')],
    });
    expect(steadied(after, before).variables).toEqual([
      found('a', '1', { sizeBytes: 88 }),
      found('f', 'new'),
    ]);
    const other = { ...after, units: [{ names: ['a'], blob: { hash: 'two', size: 1 } }] };
    expect(steadied(other, before)).toBe(other);
    expect(steadied(after, { ...before, variables: null })).toBe(after);
  });
});

describe('highlighting', () => {
  const source = 'def f(x):  # adds\n    return x + 1 if x else "é"\n';

  it('cuts a source into tokens without losing a character', () => {
    const pieces = piecesOf(source, tokensOf(source));
    expect(pieces.map(({ text }) => text).join('')).toBe(source);
    const of = (name: string) => pieces.filter((piece) => piece.name === name);
    expect(of('word').map(({ text }) => text)).toEqual(['def', 'return', 'if', 'else']);
    expect(of('string').map(({ text }) => text)).toEqual(['"é"']);
    expect(of('comment').map(({ text }) => text)).toEqual(['# adds']);
  });

  it('cuts parts of a source, tokens across the edge included', () => {
    const tokens = [{ from: 2, to: 6, name: 'string' }];
    expect(piecesOf('ab"cd"ef', tokens, 4, 8)).toEqual([
      { text: 'd"', name: 'string' },
      { text: 'ef', name: '' },
    ]);
    expect(piecesOf('abc', tokens, 3, 3)).toEqual([]);
  });

  it('leaves the text of a marked source as it was', () => {
    const place = { line: 2, column: 11, endColumn: 12 };
    const { container } = render(Source, { source, place });
    const text = container.querySelector('code')?.textContent ?? '';
    expect(text.replace('✗', '').replace(screen.getByText(/error/i).textContent, '')).toBe(source);
  });
});
