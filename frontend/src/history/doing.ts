/** What several places do with an entry: put it into the input box, delete it with a way back. */
import { words } from '../i18n/history';
import type { Entry } from '../protocol.gen';
import type { PageContext } from '../session/context';

/** A change is on the page after so many frames at most. */
const FRAMES = 10;

interface Box {
  put(text: string, origin: number | null): string;
}

/** Puts code into the box; what was there can be put back. */
export function intoBox(
  page: PageContext,
  box: Box,
  source: string,
  origin: number | null = null,
): void {
  const before = box.put(source, origin);
  if (before.trim() === '' || before === source) return;
  const run = () => void box.put(before, null);
  const action = { label: words.putBack, run };
  page.notices.add({ level: 'info', text: words.replaced, action });
}

export function editAndRun(page: PageContext, box: Box, entry: Entry): void {
  intoBox(page, box, entry.source, entry.number);
}

/** The line in the place of an entry; the page is painted once a frame. */
async function lineOf(number: number): Promise<HTMLElement | null> {
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const line = document.querySelector<HTMLElement>(`[data-deleted="${number}"]`);
    if (line) return line;
    await new Promise(requestAnimationFrame);
  }
  return null;
}

/** Deletes an entry; the notice gives it back, and the focus goes to the line in its place. */
export async function removeEntry(page: PageContext, entry: Entry): Promise<void> {
  const { actions, notices } = page;
  const { number } = entry;
  const done = await notices.attempt(() => actions.deleteEntries([number]));
  if (!done) return;
  const run = () => void notices.attempt(() => actions.giveBack([entry]));
  notices.add({ level: 'info', text: words.deleted(number), action: { label: words.undo, run } });
  const line = await lineOf(number);
  if (!line) return;
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
}
