import { describe, expect, it } from 'vitest';

import type { Entry, SessionState } from '../protocol.gen';
import { nameAfter } from './naming';

const entry = (number: number, source: string, more: Partial<Entry> = {}) =>
  ({ number, source, kind: 'code', status: 'ok', path: null, ...more }) as Entry;
const state = (entries: Entry[], title = 'New session') =>
  ({ title, entries, entriesFrom: 1 }) as unknown as SessionState;
const name = (...entries: Entry[]) =>
  nameAfter(state(entries), entries.at(-1)?.number ?? 0)?.title ?? null;

describe('the name of a new session', () => {
  it('is the first line of what ran first', () => {
    expect(name(entry(1, '\n  price = 12\nprice * 2'))).toBe('price = 12');
    expect(name(entry(1, '# My   pets\nx = 1'))).toBe('My pets');
    expect(name(entry(1, 'open("main.py")', { kind: 'file', path: 'game.py' }))).toBe('game.py');
    expect(nameAfter(state([entry(1, 'x')]), 1)).toEqual({
      type: 'set_title',
      title: 'x',
      automatic: true,
    });
  });

  it('has forty characters at most, and whole ones', () => {
    const long = name(entry(1, `print("${'🎈'.repeat(60)}")`)) ?? '';
    expect([...long]).toHaveLength(40);
    expect(long.endsWith('🎈…')).toBe(true);
  });

  it('comes from code that ran well, once', () => {
    expect(name(entry(1, '1/0', { status: 'error' }))).toBeNull();
    expect(name(entry(1, ':vars', { kind: 'command' }))).toBeNull();
    expect(name(entry(1, '1/0', { status: 'error' }), entry(2, 'y = 2'))).toBe('y = 2');
    expect(name(entry(1, 'x = 1'), entry(2, 'y = 2'))).toBeNull();
  });

  it('is not one where there is a name, or nothing to see', () => {
    expect(nameAfter(state([entry(1, 'x')], 'Mine'), 1)).toBeNull();
    expect(name(entry(1, '#'))).toBeNull();
    expect(name(entry(1, 'x = "\u202e"'))).toBeNull();
  });
});
