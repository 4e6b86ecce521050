/** Where the reader of the transcript is: which chunks are on the page for it. */
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

/**
 * Puts a chunk on the page in one of the next frames. One in each, the latest first, for many at
 * once would hold the page up while somebody scrolls.
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
  const key = [...waiting].at(-1);
  if (key === undefined) return;
  waiting.delete(key);
  shown.add(key);
  if (waiting.size) requestAnimationFrame(next);
}

/** Whether the transcript follows its end. Whoever leads the reader elsewhere says so first. */
export const reader = $state({ atEnd: true });
