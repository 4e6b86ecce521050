/** Shows an entry of the transcript and moves the focus to it, loading earlier ones as needed. */
import { tick } from 'svelte';

import { shown as history } from '../history/shown.svelte';
import type { PageContext } from './context';
import { reader, show } from './shown.svelte';

/** Pages of earlier entries that are fetched for it at most. */
const MAX_PAGES = 200;

/** While entries around it are made, an entry moves; this long the reader is led after it. */
const SETTLING_MS = 60;
const SETTLING_TIMES = 16;

/** Stands for the latest wish to go somewhere: an earlier one gives way. */
let latest = {};

/** Whether the entry is there; it is not when it was deleted. */
export async function goToEntry(page: PageContext, number: number): Promise<boolean> {
  const entry = await bringEntry(page, number);
  if (!entry) return false;
  if (!entry.hasAttribute('tabindex')) entry.tabIndex = -1;
  entry.focus({ preventScroll: true });
  await scrollTo(entry, 'start');
  return true;
}

/** The entry's element, brought onto the page wherever the reader is. */
export async function bringEntry(page: PageContext, number: number): Promise<HTMLElement | null> {
  for (let pages = 0; page.view.state.entriesFrom > number && pages < MAX_PAGES; pages += 1) {
    const from = page.view.state.entriesFrom;
    await page.actions.loadEarlier();
    if (page.view.state.entriesFrom >= from) break;
  }
  history.include(page.view.state.entries.find((entry) => entry.number === number));
  show(number);
  await tick();
  return document.querySelector<HTMLElement>(`[data-entry="${number}"]`);
}

/** Leads the reader to an entry, and stays with it until its neighbours have their heights. */
export async function scrollTo(entry: HTMLElement, block: 'start' | 'center'): Promise<void> {
  const wish = {};
  latest = wish;
  reader.atEnd = false;
  const number = Number(entry.dataset.entry);
  let calm = 0;
  for (let times = 0; times < SETTLING_TIMES && calm < 3 && latest === wish; times += 1) {
    show(number);
    await tick();
    const now = document.querySelector<HTMLElement>(`[data-entry="${number}"]`);
    if (times > 0 && now && isSeen(now)) calm += 1;
    else {
      calm = 0;
      now?.scrollIntoView({ block });
    }
    await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
  }
  // It may be the last one, and then the end is followed again.
  entry.closest('[role=log]')?.dispatchEvent(new Event('scroll'));
}

function isSeen(entry: HTMLElement): boolean {
  const log = entry.closest('[role=log]')?.getBoundingClientRect();
  const { top, bottom } = entry.getBoundingClientRect();
  return log !== undefined && bottom > log.top && top < log.bottom;
}
