import { describe, expect, it } from 'vitest';

import type { VariableRow } from '../protocol.gen';
import { type Choice, inSight, listed, movedTo, nextOrder, type SortKey } from './listing';

function row(name: string, more: Partial<VariableRow> = {}): VariableRow {
  const plain = { type: 'int', sizeBytes: 28, preview: '1', saved: true };
  return { name, ...plain, reason: null, shape: null, entry: null, missing: false, ...more };
}

const ROWS = [
  row('x10', { sizeBytes: 5, entry: 3 }),
  row('math', { type: 'module' }),
  row('X2', { type: 'list', sizeBytes: 900, entry: 1 }),
  row('area', { type: 'function', entry: 4 }),
  row('Dog', { type: 'Meta', preview: '<class Dog>' }),
];
const ALL: Choice = { filter: '', modules: true, functions: true, order: null };
const names = (choice: Partial<Choice>) =>
  listed(ROWS, { ...ALL, ...choice }).rows.map(({ name }) => name);
const by = (key: SortKey, descending = false) => names({ order: { key, descending } });

describe('the list of variables', () => {
  it('keeps the order in which the code made them', () =>
    expect(names({})).toEqual(['x10', 'math', 'X2', 'area', 'Dog']));

  it('sorts names as people do', () =>
    expect(by('name')).toEqual(['area', 'Dog', 'math', 'X2', 'x10']));

  it('sorts by type, size and last change', () => {
    expect(by('type')).toEqual(['area', 'x10', 'X2', 'Dog', 'math']);
    expect(by('size', true).slice(0, 1)).toEqual(['X2']);
    expect(by('changed', true).slice(0, 3)).toEqual(['area', 'x10', 'X2']);
  });

  it('filters by name and type, whatever the case', () => {
    expect(names({ filter: ' x ' })).toEqual(['x10', 'X2']);
    expect(names({ filter: 'LIST' })).toEqual(['X2']);
    expect(names({ filter: '(' })).toEqual([]);
  });

  it('hides modules, functions and classes, and counts them', () => {
    const left = listed(ROWS, { ...ALL, modules: false, functions: false });
    expect(left.rows.map(({ name }) => name)).toEqual(['x10', 'X2']);
    expect(left.hidden).toBe(3);
    expect(listed(ROWS, { ...ALL, modules: false, filter: 'x' }).hidden).toBe(0);
  });

  it('sorts up, down, and then not at all', () => {
    const first = nextOrder(null, 'name');
    const second = nextOrder(first, 'name');
    expect([first, second, nextOrder(second, 'name')]).toEqual([
      { key: 'name', descending: false },
      { key: 'name', descending: true },
      null,
    ]);
    expect(nextOrder(first, 'size')).toEqual({ key: 'size', descending: true });
  });
});

describe('the keyboard', () => {
  it.each([
    ['ArrowDown', -1, 0],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 0, 0],
    ['PageDown', 2, 6],
    ['PageUp', 2, 0],
    ['Home', 5, 0],
    ['End', 5, 9],
    ['a', 5, null],
  ])('%s leads from %d to %s', (key, from, to) => expect(movedTo(key, from, 10, 4)).toBe(to));

  it('leads nowhere in an empty list', () => expect(movedTo('End', 0, 0, 4)).toBeNull());
});

describe('the rows in sight', () => {
  it('are few of many', () => {
    expect(inSight(50_000, 500, 50, 2_000)).toEqual({ first: 992, last: 1_018 });
    expect(inSight(0, 500, 50, 3)).toEqual({ first: 0, last: 3 });
    expect(inSight(9_000, 500, 50, 3)).toEqual({ first: 3, last: 3 });
  });
});
