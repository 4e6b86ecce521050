/**
 * Folds a traceback to what a learner can use: the steps in code of one's own stay, runs of steps
 * inside libraries become one line, and a very long one keeps its two ends.
 */
import { words } from '../i18n/outputs';

const FILE = /^\s*(?:\|\s*)?File "([^"]*)", line \d+/;
const LIBRARY = /^(?:\/lib\/|<frozen |<string>$)|python3\d*\.zip|site-packages/;
const MOST_LINES = 24;
const END_LINES = 10;

/** The shorter form, or null when the whole is short enough. */
export function foldTraceback(whole: string): string | null {
  const kept: string[] = [];
  let hidden = 0;
  const flush = () => {
    if (hidden) kept.push(words.libraryFrames(hidden));
    hidden = 0;
  };
  let inLibrary = false;
  for (const line of whole.split('\n')) {
    const file = FILE.exec(line)?.[1];
    if (file !== undefined) {
      inLibrary = LIBRARY.test(file);
      if (inLibrary) hidden += 1;
    } else if (!/^\s{4}/.test(line)) inLibrary = false;
    if (inLibrary) continue;
    flush();
    kept.push(line);
  }
  flush();
  const short = kept.length > MOST_LINES ? ends(kept) : kept.join('\n');
  return short === whole ? null : short;
}

function ends(lines: string[]): string {
  const left = lines.length - 2 * END_LINES;
  return [
    ...lines.slice(0, END_LINES),
    `  … ${words.moreLines(left)}`,
    ...lines.slice(-END_LINES),
  ].join('\n');
}
