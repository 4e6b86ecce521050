import { describe, expect, it } from 'vitest';

import { cut, readUpward } from './messages';

describe('readUpward', () => {
  it('rebuilds the messages of the list and drops other fields', () => {
    const start = { kind: 'plain', reason: 'why', bootMs: 5 };
    expect(readUpward({ type: 'booted', start: { ...start, more: 1 }, extra: 1 })).toEqual({
      type: 'booted',
      start,
    });
    expect(readUpward({ type: 'outputs', id: 'x', texts: ['[]'], extra: 1 })).toEqual({
      type: 'outputs',
      id: 'x',
      texts: ['[]'],
    });
    const buffers = [new ArrayBuffer(2)];
    expect(readUpward({ type: 'reply', id: 'x', json: 'null', buffers })).toEqual({
      type: 'reply',
      id: 'x',
      json: 'null',
      buffers,
    });
    expect(readUpward({ type: 'input', id: 'x', prompt: 'p\ud800', password: 1 })).toEqual({
      type: 'input',
      id: 'x',
      prompt: 'p\ufffd',
      password: false,
    });
  });

  it.each([
    null,
    undefined,
    'dead',
    [],
    {},
    { type: 'constructor' },
    { type: '__proto__' },
    { type: 'hello' },
    { type: 'dead' },
    { type: 'booted' },
    { type: 'booted', start: { kind: 'other', bootMs: 1 } },
    { type: 'booted', start: { kind: 'plain', bootMs: NaN } },
    { type: 'reply', id: 'x'.repeat(65), json: '', buffers: [] },
    { type: 'reply', id: 'x', json: '', buffers: [new Uint8Array(1)] },
    { type: 'reply', id: 'x', json: 1, buffers: [] },
    { type: 'outputs', id: 'x', texts: 'text' },
    { type: 'outputs', id: 'x', texts: [1] },
    { type: 'outputs', id: 'x', texts: Array(1_001).fill('') },
    { type: 'refusal', id: 'x', json: 'x'.repeat(64 * 1024 + 1) },
    { type: 'input', id: 'x', prompt: 1 },
  ])('refuses %j', (value) => {
    expect(readUpward(value)).toBeNull();
  });

  it('shortens what is only shown', () => {
    expect(readUpward({ type: 'dead', reason: 'x'.repeat(1e6) })).toEqual({
      type: 'dead',
      reason: 'x'.repeat(4_000),
    });
    expect(cut('abc😀', 4)).toBe('abc\ufffd');
  });
});
