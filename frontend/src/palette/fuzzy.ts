/** Finds what people mean by a few letters: they must all be there, in order. */

export interface Match {
  /** Higher is better. */
  score: number;
  /** Where the letters stand in the text, for showing them. */
  at: number[];
}

const WORD_START = 8;
const IN_A_ROW = 6;
const WHOLE = 30;
const LATE = 0.2;
const NOTED = -10;

/** How well `text` fits what was typed, or null when it does not. Case does not matter. */
export function fuzzy(text: string, typed: string): Match | null {
  const wanted = typed.toLowerCase().replace(/\s+/g, '');
  if (wanted === '') return { score: 0, at: [] };
  const low = text.toLowerCase();
  const plain = low.indexOf(typed.trim().toLowerCase());
  if (plain >= 0) return asPart(low, plain, typed.trim().length);
  let best: Match | null = null;
  // The first letter decides much, so each place where it stands is tried.
  for (let from = low.indexOf(wanted[0] ?? ''); from >= 0;) {
    const found = along(low, wanted, from);
    if (!found) break;
    if (!best || found.score > best.score) best = found;
    from = low.indexOf(wanted[0] ?? '', from + 1);
  }
  return best;
}

function asPart(low: string, from: number, length: number): Match {
  const at = Array.from({ length }, (_, index) => from + index);
  const start = isStart(low, from) ? WORD_START * 2 : 0;
  const score = WHOLE + length * IN_A_ROW + start - from * LATE - low.length * 0.01;
  return { score, at };
}

function along(low: string, wanted: string, from: number): Match | null {
  const at: number[] = [];
  let score = 0;
  let next = from;
  for (const letter of wanted) {
    const found = low.indexOf(letter, next);
    if (found < 0) return null;
    if (isStart(low, found)) score += WORD_START;
    if (at.length && found === next) score += IN_A_ROW;
    score -= (found - next) * LATE;
    at.push(found);
    next = found + 1;
  }
  return { score, at };
}

function isStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}

export interface Ranked<Item> {
  item: Item;
  at: number[];
}

/**
 * The items that fit, best first; those that fit alike stay in their order. In a note only what was
 * typed as a whole counts.
 */
export function ranked<Item>(
  items: readonly Item[],
  typed: string,
  textOf: (item: Item) => string,
  most: number,
  noteOf: (item: Item) => string = () => '',
): Ranked<Item>[] {
  const whole = typed.trim().toLowerCase();
  const noted = (item: Item) =>
    noteOf(item).toLowerCase().includes(whole) ? { score: NOTED, at: [] } : null;
  const found = items.flatMap((item, order) => {
    const match = fuzzy(textOf(item), typed) ?? noted(item);
    return match ? [{ item, order, ...match }] : [];
  });
  found.sort((a, b) => b.score - a.score || a.order - b.order);
  return found.slice(0, most).map(({ item, at }) => ({ item, at }));
}
