/** Where the reader of the transcript is: which chunks are on the page for it. */
import { flushSync } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';

import { chunkOf } from './windowing';

export const shown = new SvelteSet<number>();

/** Puts the entry on the page, if it is loaded; it is there after a `tick`. */
export function show(number: number): void {
  shown.add(chunkOf(number));
}

/** Chunks that have come near and wait for their turn. */
// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the page reads it
const waiting = new Set<number>();

/** So long of a frame chunks are made, ms: the rest of it lays them out and paints them. */
const MAKING_MS = 5;

/**
 * Puts a chunk on the page in one of the next frames, the latest first. In each there are as many
 * as fit, for many at once would hold the page up while somebody scrolls.
 */
export function showSoon(key: number): void {
  if (shown.has(key)) return;
  waiting.add(key);
  if (waiting.size === 1) requestAnimationFrame(next);
}

/** It has gone far away again before its turn came, or for good. */
export function hide(key: number): void {
  waiting.delete(key);
  shown.delete(key);
}

function next(): void {
  const end = performance.now() + MAKING_MS;
  do {
    const key = [...waiting].at(-1);
    if (key === undefined) return;
    waiting.delete(key);
    // Made at once, so that what it takes is seen here.
    flushSync(() => shown.add(key));
  } while (performance.now() < end);
  if (waiting.size) requestAnimationFrame(next);
}

/** Whether the transcript follows its end. Whoever leads the reader elsewhere says so first. */
export const reader = $state({ atEnd: true });
