/** Cuts a source where it failed: the lines before, the failing line in three parts, the rest. */
import type { Place } from '../protocol.gen';

export interface Marked {
  before: string;
  start: string;
  failing: string;
  end: string;
  after: string;
}

/** The parts in order, nothing left out; each line break is at its part's end. Null: no such line. */
export function atPlace(source: string, { line, column, endColumn }: Place): Marked | null {
  const lines = source.split('\n');
  const text = lines[line - 1];
  if (text === undefined) return null;
  const from = column ?? 0;
  const to = Math.min(text.length, column === null ? 0 : (endColumn ?? from));
  const part = from < to ? [from, to] : [0, 0];
  return {
    before: lines
      .slice(0, line - 1)
      .map((one) => `${one}\n`)
      .join(''),
    start: text.slice(0, part[0]),
    failing: text.slice(part[0], part[1]),
    end: text.slice(part[1]) + (line < lines.length ? '\n' : ''),
    after: lines.slice(line).join('\n'),
  };
}
