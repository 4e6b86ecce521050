import { describe, expect, it } from 'vitest';

import { MAX_INLINE_CHARS, MAX_OUTPUTS, type Output } from '../protocol.gen';
import { BadClaim } from './claims';
import { MAX_DATA_CHARS, OutputBudget, readOutputs } from './outputs';

const stream = (text: string): Output => ({ type: 'stream', name: 'stdout', text });
const shown = (text: string): Output => ({
  type: 'display_data',
  data: { 'text/plain': text },
  blobs: {},
});

describe('readOutputs', () => {
  it('rebuilds the four kinds', () => {
    const given = [
      { type: 'stream', name: 'stderr', text: 'a', more: 1 },
      { type: 'display_data', data: { 'text/html': '<b>' }, blobs: { 'text/html': 'forged' } },
      { type: 'execute_result', data: { 'image/svg+xml': '<svg/>' } },
      {
        type: 'error',
        ename: 'E',
        evalue: 'v',
        traceback: ['l'],
        html: 'x',
        place: { line: 2, at: 1 },
      },
      { type: 'error', ename: 'E', evalue: 'v', traceback: [], hint: 'h' },
    ];
    expect(readOutputs(JSON.stringify(given))).toEqual([
      { type: 'stream', name: 'stderr', text: 'a' },
      { type: 'display_data', data: { 'text/html': '<b>' }, blobs: {} },
      { type: 'execute_result', data: { 'image/svg+xml': '<svg/>' }, blobs: {} },
      {
        type: 'error',
        ename: 'E',
        evalue: 'v',
        traceback: ['l'],
        hint: null,
        place: { line: 2, column: null, endColumn: null },
      },
      { type: 'error', ename: 'E', evalue: 'v', traceback: [], hint: 'h', place: null },
    ]);
  });

  it.each([
    {},
    [{ type: 'stream', name: 'stdin', text: '' }],
    [{ type: 'stream', name: 'stdout', text: 'x'.repeat(MAX_INLINE_CHARS + 1) }],
    [{ type: 'execution', text: '' }],
    [{ type: 'display_data', data: { 'text plain': '' } }],
    [{ type: 'display_data', data: { 'text/plain': 5 } }],
    [{ type: 'display_data', data: { 'text/plain': 'x'.repeat(MAX_DATA_CHARS + 1) } }],
    [
      {
        type: 'display_data',
        data: Object.fromEntries([...Array(21)].map((_, i) => [`a/${i}`, ''])),
      },
    ],
    [{ type: 'error', ename: 'x'.repeat(301), evalue: '', traceback: [] }],
    [{ type: 'error', ename: '', evalue: '', traceback: Array(201).fill('') }],
    [{ type: 'error', ename: '', evalue: '', traceback: [], hint: 'x'.repeat(1_001) }],
    [{ type: 'error', ename: '', evalue: '', traceback: [], place: { line: 0 } }],
    [{ type: 'error', ename: '', evalue: '', traceback: [], place: { line: 1, column: -1 } }],
  ])('refuses bad claim %#', (claim) => {
    expect(() => readOutputs(JSON.stringify(claim))).toThrow(BadClaim);
  });

  it('keeps a key like __proto__ from doing harm', () => {
    expect(() =>
      readOutputs('[{"type": "display_data", "data": {"__proto__": {"x": "y"}}}]'),
    ).toThrow(BadClaim);
  });
});

describe('OutputBudget', () => {
  it('drops text beyond what one execution may print', () => {
    const budget = new OutputBudget();
    const chunk = stream('x'.repeat(60_000));
    const admitted = [...Array(100)].flatMap(() => budget.admit([chunk]));
    expect(admitted.length).toBe(16);
    expect(budget.admit([shown('still')])).toEqual([shown('still')]);
  });

  it('drops more outputs than an entry may have, and more data than is reasonable', () => {
    const many = [...Array(MAX_OUTPUTS + 5)].map((_, i) => shown(String(i)));
    expect(new OutputBudget().admit(many)).toEqual(many.slice(0, MAX_OUTPUTS));
    const large = [...Array(12)].map(() => shown('x'.repeat(MAX_DATA_CHARS)));
    expect(new OutputBudget().admit(large).length).toBe(10);
  });

  it('takes no more JSON once an execution has sent far too much', () => {
    const budget = new OutputBudget();
    const json = 'x'.repeat(MAX_DATA_CHARS);
    expect([...Array(40)].filter(() => budget.takes(json)).length).toBe(30);
  });
});
