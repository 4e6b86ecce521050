/** What has become different between two looks at the same place. */
import type { Page } from './answers';

export const NOTHING: ReadonlySet<string> = new Set();

/** The rows of a page whose content is another than on the page before. */
export function differences(before: Page, now: Page): Set<string> {
  const old = contents(before);
  const fresh = [...contents(now)].filter(([label, content]) => old.get(label) !== content);
  return before.view === now.view ? new Set(fresh.map(([label]) => label)) : new Set();
}

function contents(page: Page): Map<string, string> {
  switch (page.view) {
    case 'items':
    case 'attributes':
      return new Map(page.rows.map((row) => [rowKey(row.label, row.step[1]), row.preview]));
    case 'table':
      return new Map(
        page.rows.map(({ label, cells }, at) => [
          rowKey(label, page.start + at),
          JSON.stringify(cells),
        ]),
      );
    case 'text':
      return new Map([['', page.text]]);
    case 'bytes':
      return new Map([['', page.hex]]);
    case 'source':
      return new Map([['', page.text]]);
  }
}

/** Tells rows apart whose labels are the same or empty. */
export function rowKey(label: string, index: number): string {
  return label || String(index);
}
