/** What is different between two texts: by lines, or by the pieces of one line. */

export type Kind = 'same' | 'removed' | 'added';

export interface Piece {
  kind: Kind;
  text: string;
}

/** Beyond so many pairs of parts the middle is said to be different as a whole. */
const MOST_PAIRS = 250_000;

/** Lines that stay around those that change. */
const AROUND = 2;

/** The parts of both in one order, each in one of them or in both. */
export function difference(before: readonly string[], after: readonly string[]): Piece[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const same = (text: string): Piece => ({ kind: 'same', text });
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

function middle(before: readonly string[], after: readonly string[]): Piece[] {
  const width = after.length + 1;
  if (before.length * after.length > MOST_PAIRS)
    return [...whole(before, 'removed'), ...whole(after, 'added')];
  // The longest common part of what follows each pair, from the end to the beginning.
  const longest = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      longest[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pieces: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    const [old = '', fresh = ''] = [before[i], after[j]];
    if (old === fresh) {
      pieces.push({ kind: 'same', text: old });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      pieces.push({ kind: 'removed', text: old });
      i += 1;
    } else {
      pieces.push({ kind: 'added', text: fresh });
      j += 1;
    }
  }
  return [...pieces, ...whole(before.slice(i), 'removed'), ...whole(after.slice(j), 'added')];
}

function whole(parts: readonly string[], kind: Kind): Piece[] {
  return parts.map((text) => ({ kind, text }));
}

/** The pieces of two short texts: words, numbers and signs; neighbours of one kind are one. */
export function piecesOf(before: string, after: string): Piece[] {
  const parts = (text: string) => text.match(/[\p{L}\p{N}_.]+|\s+|[^\p{L}\p{N}_.\s]/gu) ?? [];
  const joined: Piece[] = [];
  for (const piece of difference(parts(before), parts(after))) {
    const last = joined.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else joined.push({ ...piece });
  }
  return joined;
}

/** A line of a difference, or null for lines that are the same and left out. */
export type Line = Piece | null;

/** The lines that differ, with a few around them; at most `most`, and how many more there are. */
export function linesOf(before: string, after: string, most: number): [Line[], number] {
  const all = difference(before.split('\n'), after.split('\n'));
  const near = (index: number) =>
    all.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== 'same');
  const lines: Line[] = [];
  all.forEach((piece, index) => {
    if (piece.kind !== 'same' || near(index)) lines.push(piece);
    else if (lines.at(-1) !== null) lines.push(null);
  });
  return [lines.slice(0, most), Math.max(0, lines.length - most)];
}
