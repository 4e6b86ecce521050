/**
 * Which entries of the transcript are on the page.
 *
 * Entries stand in chunks by their numbers, so that a chunk keeps its place whatever comes before
 * or after it. Chunks that are far from what is seen are empty boxes of the same height; the newest
 * are always there.
 */
import type { Entry } from '../protocol.gen';

/** Entries of a chunk: few enough that making them all at once holds nobody up. */
export const CHUNK = 5;

/** Chunks at the end that are always on the page: what runs, and what was just written. */
export const NEWEST = 8;

export interface Chunk {
  readonly key: number;
  readonly entries: readonly Entry[];
}

export function chunkOf(number: number): number {
  return Math.floor((number - 1) / CHUNK);
}

/** Chunks of entries in order; one that did not change is the same object as `before`. */
export function group(entries: readonly Entry[], before: readonly Chunk[] = []): Chunk[] {
  const known = new Map(before.map((chunk) => [chunk.key, chunk]));
  const chunks: Chunk[] = [];
  let start = 0;
  while (start < entries.length) {
    const key = chunkOf((entries[start] as Entry).number);
    let end = start + 1;
    while (end < entries.length && chunkOf((entries[end] as Entry).number) === key) end += 1;
    const old = known.get(key);
    chunks.push(
      old && isSlice(old.entries, entries, start, end)
        ? old
        : { key, entries: entries.slice(start, end) },
    );
    start = end;
  }
  return chunks;
}

function isSlice(a: readonly Entry[], all: readonly Entry[], start: number, end: number): boolean {
  return a.length === end - start && a.every((entry, index) => entry === all[start + index]);
}
