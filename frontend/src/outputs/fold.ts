/**
 * Lays out the text of an output and folds it when it is long: first and last lines, and how much
 * lies between. All that was kept stays at hand; what is folded costs the page nothing.
 *
 * A running program replaces only the last chunk of its stream, so what earlier chunks show is
 * remembered with them: one more line costs the same however long the output is.
 */
import type { StreamOutput } from '../protocol.gen';
import { type Carry, feed, type Fed, finish, NOTHING, type Segment } from './terminal';

/** Output up to this size is shown whole: long lines take several rows of the screen. */
const WHOLE_LINES = 200;
const WHOLE_CHARS = 12_000;
const WHOLE_SEGMENTS = 4_000;

/** What is shown of a folded output at each end. */
const END_LINES = 30;
const END_CHARS = 4_000;
const END_SEGMENTS = 1_000;

export interface Folded {
  head: readonly Segment[];
  tail: readonly Segment[];
  hiddenLines: number;
  hiddenChars: number;
}

const remembered = new WeakMap<StreamOutput, { before: Carry; fed: Fed }>();

/** What the chunks of one stream show, part by part. */
export function layOut(chunks: readonly StreamOutput[]): readonly Fed[] {
  let carry = NOTHING;
  const parts = chunks.map((chunk) => {
    const known = remembered.get(chunk);
    const fed = known?.before === carry ? known.fed : feed(carry, chunk.text);
    remembered.set(chunk, { before: carry, fed });
    carry = fed.carry;
    return fed;
  });
  const last = parts.pop();
  return last ? [...parts, finish(last)] : [];
}

/** The two ends of a long output, or null for one that is shown whole. */
export function fold(parts: readonly Fed[]): Folded | null {
  const lines = parts.reduce((sum, part) => sum + part.lines, 0);
  const chars = parts.reduce((sum, part) => sum + part.chars, 0);
  const segments = parts.reduce((sum, part) => sum + part.segments.length, 0);
  if (lines <= WHOLE_LINES && chars <= WHOLE_CHARS && segments <= WHOLE_SEGMENTS) return null;
  const head = take(parts, 'first');
  const tail = take(parts, 'last');
  return {
    head: head.segments,
    tail: tail.segments,
    hiddenLines: Math.max(0, lines - head.lines - tail.lines),
    hiddenChars: Math.max(0, chars - head.chars - tail.chars),
  };
}

interface End {
  segments: readonly Segment[];
  lines: number;
  chars: number;
}

/** The first or last lines of all parts, within the bounds of an end. */
function take(parts: readonly Fed[], end: 'first' | 'last'): End {
  const kept: Segment[] = [];
  let lines = 0;
  let chars = 0;
  const put = (segment: Segment) => {
    if (end === 'first') kept.push(segment);
    else kept.unshift(segment);
  };
  for (const segment of walk(parts, end)) {
    const text = clip(segment.text, end, END_LINES - lines, END_CHARS - chars);
    if (text) put({ ...segment, text });
    lines += text.split('\n').length - 1;
    chars += text.length;
    if (text.length < segment.text.length || kept.length >= END_SEGMENTS) break;
  }
  return { segments: kept, lines, chars };
}

function* walk(parts: readonly Fed[], end: 'first' | 'last'): Generator<Segment> {
  if (end === 'first') for (const part of parts) yield* part.segments;
  else
    for (let at = parts.length - 1; at >= 0; at--)
      yield* [...(parts[at]?.segments ?? [])].reverse();
}

/** At most so many lines and characters from one end of a text. */
function clip(text: string, end: 'first' | 'last', lines: number, chars: number): string {
  if (lines <= 0 || chars <= 0) return '';
  return end === 'first' ? clipFirst(text, lines, chars) : clipLast(text, lines, chars);
}

function clipFirst(text: string, lines: number, chars: number): string {
  let stop = 0;
  for (let count = 0; count < lines; count++) {
    const newline = text.indexOf('\n', stop);
    if (newline === -1) return text.slice(0, chars);
    stop = newline + 1;
  }
  return text.slice(0, Math.min(stop, chars));
}

function clipLast(text: string, lines: number, chars: number): string {
  let start = text.length - 1;
  for (let count = 0; count < lines; count++) {
    const newline = start <= 0 ? -1 : text.lastIndexOf('\n', start - 1);
    if (newline === -1) return text.slice(Math.max(0, text.length - chars));
    start = newline;
  }
  return text.slice(Math.max(start + 1, text.length - chars));
}
