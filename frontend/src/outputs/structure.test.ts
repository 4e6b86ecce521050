import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { Output } from '../protocol.gen';
import { choose } from './bundle';
import Outputs from './Outputs.svelte';
import { jsonTree, readTable, readTree, sorted, TABLE, TREE, tsv } from './structure';

const HOSTILE = '<img src=x onerror="globalThis.stolen = 1">';
const show = (data: Record<string, string>) => {
  const output: Output = { type: 'execute_result', data, blobs: {} };
  return render(Outputs, { outputs: [output], number: 3, session: 'abc' }).container;
};
const TREE_JSON = JSON.stringify({
  open: '{',
  close: '}',
  size: 3,
  items: [
    ["'a'", { open: '[', close: ']', size: 1, items: [['0', { text: HOSTILE }]], more: 0 }],
    ["'b'", { open: '[', close: ']', size: 0, items: [], more: 0 }],
  ],
  more: 1,
});
const TABLE_JSON = JSON.stringify({
  columns: [
    { name: HOSTILE, number: false },
    { name: 'n', number: true },
  ],
  rows: [
    ['b', '10'],
    ['a', '9'],
    [null, '-1.5'],
  ],
  moreRows: 7,
  moreColumns: 2,
});

describe('a tree', () => {
  it('opens level by level, all as text', async () => {
    const container = show({ [TREE]: TREE_JSON, 'text/plain': 'plain' });
    expect(container.textContent).toContain('… 1 more');
    const inner = screen.getByText("'a'").closest('details');
    expect(inner?.open).toBe(false);
    if (inner) {
      inner.open = true;
      await fireEvent(inner, new Event('toggle'));
    }
    expect(container.querySelector('.inside .inside .leaf')?.textContent).toContain(HOSTILE);
    expect(container.querySelector('img')).toBeNull();
  });

  it('gives way to the text on request', async () => {
    const container = show({ [TREE]: TREE_JSON, 'text/plain': 'the repr' });
    await fireEvent.click(screen.getByRole('button', { name: 'Show as text' }));
    expect(container.querySelector('details')).toBeNull();
    expect(container.textContent).toContain('the repr');
  });

  it.each([
    '',
    'null',
    '[]',
    '{"open":"["}',
    '{"text":5}',
    '{"open":"[","close":"]","size":-1,"items":[],"more":0}',
    '{"open":"[","close":"]","size":1,"items":[["k"]],"more":0}',
    `{"text":${JSON.stringify('x'.repeat(5_000))}}`,
    '{"open":"[","close":"]","size":1,"items":[["0",'.repeat(90) + '{"text":""}',
    JSON.stringify({
      open: '[',
      close: ']',
      size: 1,
      items: Array(9_000).fill([null, { text: '' }]),
      more: 0,
    }),
  ])('that is forged (%#) leaves the text', (json) => {
    expect(readTree(json)).toBeNull();
    expect(show({ [TREE]: json, 'text/plain': 'the repr' }).textContent).toContain('the repr');
  });

  it('is made of JSON, of a large one the beginning', () => {
    expect(jsonTree('{"a": [1, "x"], "b": null}')).toEqual({
      open: '{',
      close: '}',
      size: 2,
      items: [
        [
          '"a"',
          {
            open: '[',
            close: ']',
            size: 2,
            items: [
              ['0', { text: '1' }],
              ['1', { text: '"x"' }],
            ],
            more: 0,
          },
        ],
        ['"b"', { text: 'null' }],
      ],
      more: 0,
    });
    const large = jsonTree(JSON.stringify(Array(100_000).fill(0)));
    expect(large && 'more' in large && large.more).toBeGreaterThan(90_000);
    expect(jsonTree('{')).toBeNull();
    expect(jsonTree('['.repeat(5_000))).toBeNull();
  });
});

describe('a table', () => {
  it('shows its cells as text and what is left out', () => {
    const container = show({ [TABLE]: TABLE_JSON, 'text/plain': 'plain' });
    expect(container.querySelector('img')).toBeNull();
    expect(screen.getByRole('columnheader', { name: HOSTILE })).toBeTruthy();
    expect(container.textContent).toContain('… 7 more rows');
    expect(container.textContent).toContain('… 2 more columns');
  });

  it('sorts numbers as numbers, and back', async () => {
    const container = show({ [TABLE]: TABLE_JSON, 'text/plain': 'plain' });
    const order = () =>
      [...container.querySelectorAll('tbody th')].map(({ textContent }) => textContent).join('');
    const head = screen.getByRole('button', { name: /^n/ });
    expect(order()).toBe('012');
    await fireEvent.click(head);
    expect(order()).toBe('210');
    expect(head.closest('th')?.getAttribute('aria-sort')).toBe('ascending');
    await fireEvent.click(head);
    expect(order()).toBe('012');
    await fireEvent.click(head);
    expect(head.closest('th')?.getAttribute('aria-sort')).toBe('none');
  });

  it('puts missing cells last, both ways', () => {
    const table = readTable(TABLE_JSON);
    if (!table) throw new Error('not read');
    expect(sorted(table, 0, false).map(({ place }) => place)).toEqual([1, 0, 2]);
    expect(sorted(table, 0, true).map(({ place }) => place)).toEqual([0, 1, 2]);
  });

  it('is copied with tabs', () => {
    const table = readTable(TABLE_JSON.replace(JSON.stringify('b'), '"b\\tc\\nd"'));
    expect(table && tsv(table).split('\n')[1]).toBe('b c d\t10');
  });

  it.each([
    '',
    '{}',
    '{"columns":[],"rows":[],"moreRows":0,"moreColumns":0}',
    '{"columns":[{"name":"a"}],"rows":[["1","2"]],"moreRows":0,"moreColumns":0}',
    '{"columns":[{"name":"a"}],"rows":[[5]],"moreRows":0,"moreColumns":0}',
    JSON.stringify({
      columns: [{ name: 'a' }],
      rows: Array(999).fill(['']),
      moreRows: 0,
      moreColumns: 0,
    }),
  ])('that is forged (%#) leaves the text', (json) => {
    expect(readTable(json)).toBeNull();
    expect(show({ [TABLE]: json, 'text/plain': 'the repr' }).textContent).toContain('the repr');
  });
});

describe('the richest form', () => {
  const form = (...mimes: string[]) =>
    choose({
      type: 'display_data',
      data: Object.fromEntries(mimes.map((mime) => [mime, ''])),
      blobs: {},
    })?.form;

  it.each([
    [['text/plain', 'text/markdown'], 'markdown'],
    [['text/plain', 'text/latex', 'image/png'], 'image'],
    [['text/html', TABLE, 'text/plain'], 'html'],
    [['text/plain', TABLE], 'table'],
    [['text/plain', 'application/json'], 'json'],
    [['text/plain', 'application/x-own'], 'text'],
  ])('of %j is %s', (mimes, expected) => {
    expect(form(...mimes)).toBe(expected);
  });
});
