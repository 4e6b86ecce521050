import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import Source from '../outputs/Source.svelte';
import { piecesOf } from '../outputs/tokens';
import { tokensOf } from '../outputs/highlight';
import type { Entry, Manifest, SnapshotInfo, VariableRow } from '../protocol.gen';
import { keptRows, steadied } from '../session/rows';
import { emptyState } from '../session/testing/server';
import { firstLine, originOf, runAgain, toolsOf } from './entryTools';
import { filesThen, startAt, stopsOf, variablesThen } from './timeline';

const entry = (number: number, change: Partial<Entry> = {}): Entry => ({
  number,
  source: `x = ${number}`,
  status: 'ok',
  executedAt: number * 1_000,
  fence: 1,
  durationMs: 1,
  outputs: [],
  lost: false,
  deleted: false,
  pinned: false,
  kind: 'code',
  origin: null,
  path: null,
  ...change,
});

const snapshot = (number: number, change: Partial<SnapshotInfo> = {}): SnapshotInfo => ({
  id: `s${number}`,
  number,
  cause: 'execution',
  manifest: { hash: 'f'.repeat(64), size: 1 },
  bytes: 1,
  createdAt: number * 1_000 + 500,
  parent: null,
  unsaved: [],
  label: null,
  ...change,
});

const manifest = (change: Partial<Manifest> = {}): Manifest => ({
  format: 1,
  runtime: { name: 'python', version: '3.14', hash: 'h' },
  units: [],
  files: [],
  directories: [],
  unsaved: [],
  variables: [],
  ...change,
});

const found = (name: string, preview: string, sizeBytes = 8) => ({
  name,
  type: 'int',
  sizeBytes,
  preview,
  shape: null,
  content: null,
  entry: null,
  line: null,
});

const row = (name: string, preview: string): VariableRow => ({
  name,
  type: 'int',
  sizeBytes: 8,
  preview,
  shape: null,
  saved: true,
  reason: null,
  entry: 1,
});

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

describe('the slider', () => {
  const state = {
    ...emptyState(),
    nextNumber: 8,
    entriesFrom: 3,
    head: 's6',
    entries: [
      entry(3, { deleted: true }),
      entry(4, { kind: 'command' }),
      entry(5),
      entry(6),
      entry(7, { status: 'running', durationMs: null }),
    ],
    snapshots: [snapshot(2), snapshot(6), snapshot(6, { id: 'clear', cause: 'clear' })],
  };

  it('has a stop for each entry, and the reason where nothing is kept', () => {
    const stops = stopsOf(state);
    expect(stops.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(stops.map(({ snapshot: kept }) => kept?.id ?? null)).toEqual([
      's2',
      null,
      null,
      null,
      's6',
      null,
    ]);
    expect(stops.map(({ reason }) => reason)).toEqual([
      '',
      expect.stringContaining('deleted'),
      expect.stringContaining('command'),
      expect.stringContaining('older states make room'),
      '',
      expect.stringContaining('running'),
    ]);
  });

  it('begins where the session stands', () => {
    const stops = stopsOf(state);
    expect(startAt(stops, state)).toBe(4);
    expect(startAt(stops, { ...state, head: 's2' })).toBe(0);
    expect(startAt(stops, { ...state, head: 'clear' })).toBe(4);
  });

  it('puts what was beside what is', () => {
    const then = manifest({
      variables: [found('a', '1'), found('b', '2'), found('c', '3')],
      units: [{ names: ['a', 'b', 'c', 'beyond'], blob: { hash: 'f', size: 1 } }],
      unsaved: [{ name: 'c', reason: 'open file' }],
    });
    const table = variablesThen(then, [row('a', '1'), row('b', '20'), row('new', '9')]);
    expect(table?.rows.map(({ name, now, same, saved }) => [name, now, same, saved])).toEqual([
      ['a', '1', true, true],
      ['b', '20', false, true],
      ['c', null, false, false],
    ]);
    expect(table?.more).toBe(1);
    expect(table?.onlyNow).toEqual(['new']);
    expect(variablesThen(manifest({ variables: null }), [])).toBeNull();
  });

  it('tells which files changed since', () => {
    const file = (path: string, size: number) => ({
      path,
      blob: { hash: path, size },
      modifiedAt: 5,
    });
    const present = [
      { path: 'same', sizeBytes: 1, modifiedAt: 5 },
      { path: 'other', sizeBytes: 9, modifiedAt: 5 },
    ];
    const files = filesThen([file('same', 1), file('other', 2), file('gone', 3)], present);
    expect(files.map(({ state: now }) => now)).toEqual(['same', 'changed', 'gone']);
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
      variables: [found('a', '1', 88), found('f', 'old')],
    });
    const after = manifest({ units, unsaved, variables: [found('a', '1', 72), found('f', 'new')] });
    expect(steadied(after, before).variables).toEqual([found('a', '1', 88), found('f', 'new')]);
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
