import { describe, expect, it } from 'vitest';

import { BadClaim } from '../runtime/claims';
import { expression, readCopy, readLook } from './answers';
import { differences } from './differences';
import { hexLines } from './hex';
import { shapeText } from './shape';

const ROW = { label: '0', type: 'int', preview: '1', unread: false, step: ['item', 0] };

function answer(page: object, view = 'items', more: object = {}): unknown {
  const crumbs = [{ label: 'x', type: 'list', code: true }];
  const head = { crumbs, type: 'list', sizeBytes: 9, shape: '1', copyable: true, views: ['items'] };
  return { ...head, view, page: { start: 0, total: 1, ...page }, ...more };
}

describe('an answer of the runtime', () => {
  it('is rebuilt field by field', () => {
    const look = readLook(answer({ rows: [{ ...ROW, evil: 1 }] }));
    expect(look.page).toEqual({ view: 'items', start: 0, total: 1, rows: [ROW] });
  });

  it.each([
    ['a step of another kind', answer({ rows: [{ ...ROW, step: ['eval', 0] }] })],
    ['a negative step', answer({ rows: [{ ...ROW, step: ['item', -1] }] })],
    ['too many rows', answer({ rows: Array(501).fill(ROW) })],
    ['an unknown view', answer({ rows: [] }, 'html')],
    ['what is no hex', answer({ hex: '0g' }, 'bytes')],
    ['a label without end', answer({ rows: [{ ...ROW, label: 'x'.repeat(500) }] })],
    ['more cells than columns', answer(TABLE([['1', '2']]), 'table')],
    ['nothing', null],
  ])('is refused with %s', (_, claim) => expect(() => readLook(claim)).toThrow(BadClaim));

  it('may have no Python text', () => {
    expect(readCopy({ text: null })).toBeNull();
    expect(() => readCopy({ text: 5 })).toThrow(BadClaim);
  });
});

function TABLE(cells: string[][]): object {
  const rows = cells.map((some) => ({ label: '0', cells: some }));
  return { columns: ['a'], numeric: [true], opens: false, rows };
}

describe('a path', () => {
  it('is Python when each step is', () => {
    const steps = ['school', "['class']", '[0]', '.name'];
    const crumbs = steps.map((label) => ({ label, type: '', code: true }));
    expect(expression(crumbs)).toBe("school['class'][0].name");
    expect(expression([...crumbs, { label: 'element 1', type: '', code: false }])).toBeNull();
  });
});

describe('what has changed', () => {
  const page = (rows: object[]) => readLook(answer({ rows, total: rows.length })).page;

  it('is known by its label', () => {
    const other = { ...ROW, label: 'b', step: ['item', 1] };
    const before = page([ROW, other]);
    expect(differences(before, page([ROW, { ...other, preview: '2' }]))).toEqual(new Set(['b']));
    expect(differences(before, page([ROW, other]))).toEqual(new Set());
  });

  it('is nothing when another view is looked at', () => {
    const table = readLook(answer(TABLE([['1']]), 'table')).page;
    expect(differences(table, page([ROW]))).toEqual(new Set());
  });
});

describe('words', () => {
  it('tell shapes', () => {
    expect(shapeText({ type: 'list', shape: '1000' })).toBe('1,000 items');
    expect(shapeText({ type: 'str', shape: '1' })).toBe('1 character');
    expect(shapeText({ type: 'ndarray', shape: '3×4' })).toBe('3 × 4');
    expect(shapeText({ type: 'int', shape: null })).toBe('');
    expect(shapeText({ type: 'list', shape: 'many' })).toBe('');
  });

  it('show bytes and their letters', () =>
    expect(hexLines('48690a', 16)).toEqual([
      { address: '000010', bytes: '48 69 0a', letters: 'Hi·' },
    ]));
});
