import { describe, expect, it } from 'vitest';

import type { Entry } from '../protocol.gen';
import { CHUNK, chunkOf, group } from './windowing';

const entry = (number: number) => ({ number }) as Entry;
const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));

describe('chunks of the transcript', () => {
  it('hold entries by their numbers', () => {
    const chunks = group(entries(CHUNK - 1, 2 * CHUNK + 4));
    expect(chunks.map(({ key }) => key)).toEqual([0, 1, 2]);
    expect(chunks.map((chunk) => chunk.entries.length)).toEqual([2, CHUNK, 4]);
    expect(chunks.flatMap((chunk) => chunk.entries).map(({ number }) => number)).toEqual(
      entries(CHUNK - 1, 2 * CHUNK + 4).map(({ number }) => number),
    );
    expect(chunkOf(CHUNK)).toBe(0);
    expect(chunkOf(CHUNK + 1)).toBe(1);
  });

  it('stay the same objects while their entries do', () => {
    const all = entries(1, 2 * CHUNK + 4);
    const before = group(all);
    const changed = [...all.slice(0, -1), entry(2 * CHUNK + 4)];
    const after = group(changed, before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
    expect(after[2]?.entries.at(-1)).toBe(changed.at(-1));
  });

  it('keep their places when earlier entries come', () => {
    const late = entries(CHUNK + 3, 2 * CHUNK + 4);
    const before = group(late);
    const after = group([...entries(2, CHUNK + 2), ...late], before);
    expect(after.map(({ key }) => key)).toEqual([0, 1, 2]);
    expect(after[1]).not.toBe(before[0]);
    expect(after[1]?.entries.length).toBe(CHUNK);
    expect(after[2]).toBe(before[1]);
  });

  it('may be missing where numbers are', () => {
    expect(group([entry(3), entry(500)]).map(({ key }) => key)).toEqual([0, chunkOf(500)]);
    expect(group([])).toEqual([]);
  });
});
