import { describe, expect, it } from 'vitest';

import { fuzzy, ranked } from './fuzzy';

const best = (typed: string, texts: string[]) =>
  ranked(texts, typed, (text) => text, 10).map(({ item }) => item);

describe('fuzzy', () => {
  it('takes letters in order and no others', () => {
    expect(fuzzy('New script', 'nsc')?.at).toEqual([0, 4, 5]);
    expect(fuzzy('New script', 'scn')).toBeNull();
    expect(fuzzy('New script', 'x')).toBeNull();
    expect(fuzzy('anything', '')?.at).toEqual([]);
  });

  it('does not mind case and spaces', () => {
    expect(fuzzy('Export…', 'EXP')?.at).toEqual([0, 1, 2]);
    expect(fuzzy('Make my own copy', 'mk copy')).not.toBeNull();
  });

  it('prefers whole parts, then beginnings of words', () => {
    expect(best('im', ['Stop timing', 'Import…', 'Interrupt me'])).toEqual([
      'Import…',
      'Stop timing',
      'Interrupt me',
    ]);
    expect(best('ns', ['monsters and', 'New script'])).toEqual(['monsters and', 'New script']);
    expect(best('nes', ['a new list of ages', 'New script'])[0]).toBe('New script');
  });

  it('finds notes by what stands in them as it was typed', () => {
    const items = [':save Names this state', ':reset Starts afresh', 'Show states'];
    const notes = (typed: string) =>
      ranked(
        items,
        typed,
        (item) => item.split(' ')[0] ?? '',
        10,
        (item) => item,
      ).map(({ item }) => item.split(' ')[0]);
    expect(notes('state')).toEqual([':save', 'Show']);
    expect(notes('sae')).toEqual([':save']);
  });

  it('keeps the order of what fits alike and cuts the list', () => {
    expect(ranked(['b', 'a', 'c'], '', (text) => text, 2).map(({ item }) => item)).toEqual([
      'b',
      'a',
    ]);
  });
});
