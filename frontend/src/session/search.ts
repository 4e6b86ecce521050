/**
 * Finds text in entries: in what was written, what was printed, results as text, and errors.
 *
 * The page holds only the entries near the reader, so the browser's own search cannot find the rest.
 */
import type { Entry, Output } from '../protocol.gen';

/** Entries never change, they are replaced: what was made ready for one stays right. */
const ready = new WeakMap<Entry, string>();

// eslint-disable-next-line no-control-regex -- colours of terminals begin with that character
const COLOURS = /\u001b\[[0-9;:?]*[ -/]*[@-~]/g;

/** The numbers of the entries that contain the text, whatever the case of its letters. */
export function matching(entries: readonly Entry[], text: string): number[] {
  const wanted = folded(text);
  if (wanted === '') return [];
  return entries.filter((entry) => searchable(entry).includes(wanted)).map(({ number }) => number);
}

/** Where `text` stands in `within`, as offsets; letters are compared as in `matching`. */
export function occurrences(within: string, text: string): [start: number, end: number][] {
  const folds = within.toLowerCase();
  // Where folding changes the length (a few capital letters), offsets would be wrong.
  if (text === '' || folds.length !== within.length) return [];
  const wanted = folded(text);
  const found: [number, number][] = [];
  for (let at = folds.indexOf(wanted); at >= 0; at = folds.indexOf(wanted, at + wanted.length))
    found.push([at, at + wanted.length]);
  return found;
}

/** The next of `found` (in order) before or after `at`; it goes round at both ends. */
export function neighbour(found: readonly number[], at: number | null, later: boolean): number {
  const next = later
    ? found.find((number) => at === null || number > at)
    : found.findLast((number) => at === null || number < at);
  return next ?? (found.at(later ? 0 : -1) as number);
}

function searchable(entry: Entry): string {
  let text = ready.get(entry);
  if (text === undefined) {
    text = folded([`#${entry.number}`, entry.source, ...outputs(entry)].join('\n'));
    ready.set(entry, text);
  }
  return text;
}

/** Neighbouring pieces of a stream are one text: a word may have come in two of them. */
function outputs(entry: Entry): string[] {
  const texts: string[] = [];
  let stream = '';
  for (const output of entry.outputs) {
    const same = output.type === 'stream' && output.name === stream;
    if (same) texts.push(`${texts.pop() ?? ''}${output.text}`);
    else texts.push(textOf(output));
    stream = output.type === 'stream' ? output.name : '';
  }
  return texts.map((text) => text.replace(COLOURS, ''));
}

function textOf(output: Output): string {
  switch (output.type) {
    case 'stream':
      return output.text;
    case 'error':
      return [`${output.ename}: ${output.evalue}`, ...output.traceback].join('\n');
    default:
      return output.data['text/plain'] ?? output.data['text/markdown'] ?? '';
  }
}

function folded(text: string): string {
  return text.toLowerCase();
}
