import { afterEach, describe, expect, it } from 'vitest';

import { look } from './theme.svelte';

const shown = () => document.documentElement.dataset['theme'];

afterEach(() => look.choose('system'));

describe('the look', () => {
  it('is kept and shown, and given back to the system', () => {
    look.choose('dark');
    expect([look.chosen, shown(), localStorage.getItem('playground.theme')]).toEqual([
      'dark',
      'dark',
      'dark',
    ]);
    look.choose('system');
    expect([look.chosen, shown(), localStorage.getItem('playground.theme')]).toEqual([
      'system',
      undefined,
      null,
    ]);
  });

  it('follows another tab, and takes no forged value', () => {
    localStorage.setItem('playground.theme', 'light');
    dispatchEvent(new StorageEvent('storage', { key: 'playground.theme' }));
    expect(look.chosen).toBe('light');
    localStorage.setItem('playground.theme', '<b>');
    dispatchEvent(new StorageEvent('storage', { key: 'playground.theme' }));
    expect(look.chosen).toBe('system');
  });
});
