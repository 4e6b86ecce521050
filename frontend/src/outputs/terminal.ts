/**
 * Turns what a program wrote into what a terminal would show: colours, `\r`, `\b`, erased lines.
 *
 * Text comes in chunks; `feed` takes one with what was carried over from the chunk before and
 * gives the lines that are now finished. The unfinished line is carried, since a later chunk may
 * write over it. All of it is pure, so a chunk that did not change need not be read again.
 */
import { applyCodes, type Pen, PLAIN, samePen } from './pen';

export interface Segment {
  readonly text: string;
  readonly pen: Pen;
}

export interface Carry {
  /** The unfinished line. */
  readonly line: readonly Segment[];
  /** Where the next character goes in it. */
  readonly column: number;
  readonly pen: Pen;
  /** The beginning of an escape sequence whose end is in the next chunk. */
  readonly escape: string;
}

export interface Fed {
  /** Finished lines, each with its newline; neighbours of one look are one segment. */
  readonly segments: readonly Segment[];
  readonly lines: number;
  readonly chars: number;
  readonly carry: Carry;
}

export const NOTHING: Carry = { line: [], column: 0, pen: PLAIN, escape: '' };

/** A longer unfinished line is shown as it is and can no longer be written over. */
const MAX_LINE_CHARS = 16 * 1024;

/* eslint-disable no-control-regex -- control characters are what this file is about */
const TOKEN =
  /\x1b\[([\x20-\x3f]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-Z\\^-~]|[\n\r\b]|[^\x00-\x08\x0a-\x1f\x7f]+/g;
const UNFINISHED = /\x1b(?:\[[\x20-\x3f]{0,80}|\][^\x07\x1b]{0,400}\x1b?)?$/;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;
/* eslint-enable no-control-regex */

/** Reads one chunk of text after `carry`. */
export function feed(carry: Carry, text: string): Fed {
  const whole = (carry.escape + text).replaceAll('\r\n', '\n');
  if (!CONTROL.test(whole) && carry.pen === PLAIN && atEnd(carry)) return feedPlain(carry, whole);
  const escape = UNFINISHED.exec(whole)?.[0] ?? (whole.endsWith('\r') ? '\r' : '');
  const screen = new Screen(carry);
  for (const token of whole.slice(0, whole.length - escape.length).matchAll(TOKEN))
    screen.take(token[0], token[1], token[2]);
  return screen.result(escape);
}

/** What a whole text shows, its unfinished last line included. */
export function screenText(text: string): Fed {
  return finish(feed(NOTHING, text));
}

/** The result with its unfinished line shown, for the end of an output. */
export function finish(fed: Fed): Fed {
  const { line } = fed.carry;
  if (line.length === 0) return fed;
  const segments = line.reduce(append, [...fed.segments]);
  return { ...fed, segments, lines: fed.lines + 1, chars: fed.chars + width(line) };
}

function feedPlain(carry: Carry, text: string): Fed {
  const end = text.lastIndexOf('\n') + 1;
  const segments: Segment[] = end > 0 ? [...carry.line] : [];
  if (end > 0) append(segments, { text: text.slice(0, end), pen: PLAIN });
  const line = end > 0 ? [] : [...carry.line];
  append(line, { text: text.slice(end), pen: PLAIN });
  return bounded(segments, { ...NOTHING, line, column: width(line) });
}

/** The line being written and the lines done. */
class Screen {
  private readonly done: Segment[] = [];
  private line: Segment[];
  /** Characters of the line, counted along: a line of a thousand colours is a thousand segments. */
  private length: number;
  private column: number;
  private pen: Pen;

  constructor(carry: Carry) {
    this.line = [...carry.line];
    this.length = width(carry.line);
    this.column = carry.column;
    this.pen = carry.pen;
  }

  /** Takes one token of `TOKEN`; for a control sequence also its parameters and final letter. */
  take(token: string, parameters: string | undefined, letter: string | undefined): void {
    if (token === '\n') this.newline();
    else if (token === '\r') this.column = 0;
    else if (token === '\b') this.column = Math.max(0, this.column - 1);
    else if (letter === 'm') this.pen = applyCodes(this.pen, parameters ?? '');
    else if (letter === 'K') this.erase(parameters ?? '');
    else if (!token.startsWith('\x1b')) this.write(token);
  }

  result(escape: string): Fed {
    return bounded(this.done, { line: this.line, column: this.column, pen: this.pen, escape });
  }

  private write(text: string): void {
    const segment = { text, pen: this.pen };
    if (this.column === this.length) append(this.line, segment);
    else
      this.line = [
        ...cut(this.line, 0, this.column),
        segment,
        ...cut(this.line, this.column + text.length, Infinity),
      ].reduce(append, []);
    this.column += text.length;
    this.length = Math.max(this.length, this.column);
  }

  private newline(): void {
    for (const segment of this.line) append(this.done, segment);
    append(this.done, { text: '\n', pen: PLAIN });
    this.line = [];
    this.length = this.column = 0;
  }

  private erase(mode: string): void {
    if (mode === '2') {
      this.line = [];
      this.length = this.column = 0;
    } else if (mode === '' || mode === '0') {
      this.line = cut(this.line, 0, this.column);
      this.length = width(this.line);
    }
  }
}

function bounded(done: Segment[], carry: Carry): Fed {
  let line = carry.line;
  let { column } = carry;
  if (width(line) > MAX_LINE_CHARS) {
    for (const segment of line) append(done, segment);
    line = [];
    column = 0;
  }
  return {
    segments: done,
    lines: done.reduce((sum, { text }) => sum + countLines(text), 0),
    chars: width(done),
    carry: { ...carry, line, column },
  };
}

/** Adds a segment to a list, joining it to the last one when they look the same. */
function append(segments: Segment[], segment: Segment): Segment[] {
  const last = segments.at(-1);
  if (segment.text === '') return segments;
  if (last && (samePen(last.pen, segment.pen) || segment.text === '\n'))
    segments[segments.length - 1] = { text: last.text + segment.text, pen: last.pen };
  else segments.push(segment);
  return segments;
}

/** The part of a line from one column to another. */
function cut(line: readonly Segment[], from: number, to: number): Segment[] {
  const kept: Segment[] = [];
  let start = 0;
  for (const { text, pen } of line) {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    if (part) kept.push({ text: part, pen });
    start += text.length;
  }
  return kept;
}

function atEnd(carry: Carry): boolean {
  return carry.column === width(carry.line);
}

function width(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + text.length, 0);
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
