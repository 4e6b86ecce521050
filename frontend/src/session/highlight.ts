/** Marks the found text inside an entry, in browsers that can mark text without changing it. */
import { occurrences } from './search';

const NAME = 'found';
const MOST = 500;

export function highlight(element: Element | null, text: string): void {
  if (!('highlights' in CSS)) return;
  CSS.highlights.delete(NAME);
  if (element && text) CSS.highlights.set(NAME, new Highlight(...ranges(element, text)));
}

function ranges(element: Element, text: string): Range[] {
  const found: Range[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && found.length < MOST; node = walker.nextNode())
    for (const [start, end] of occurrences(node.textContent ?? '', text)) {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      found.push(range);
    }
  return found;
}
