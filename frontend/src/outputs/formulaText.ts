/** Finds formulas in a text: `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and a few environments. */

export const MAX_FORMULA_CHARS = 3_000;

export interface Formula {
  text: string;
  /** Whether it stands on a line of its own. */
  display: boolean;
  /** Characters that it takes, with its signs. */
  length: number;
}

const FORMULA =
  /\$\$([^$]{1,3000})\$\$|\\\[([\s\S]{1,3000}?)\\\]|\\\(([\s\S]{1,3000}?)\\\)|\$((?:[^$\\\n]|\\[^\n]){1,3000})\$(?!\d)|(\\begin\{(equation|align|gather|[bp]?matrix)(\*?)\}[\s\S]{1,3000}?\\end\{\6\7\})/y;

/** The formula that begins at a place of a text, if one does. */
export function formulaAt(source: string, start: number): Formula | null {
  FORMULA.lastIndex = start;
  const match = FORMULA.exec(source);
  if (!match) return null;
  const [whole, dollars, brackets, parens, inline, block] = match;
  // A price list is no formula: "$5 and $6".
  if (inline !== undefined && /^\s|\s$/.test(inline)) return null;
  const text = dollars ?? brackets ?? parens ?? inline ?? block ?? '';
  return { text, display: parens === undefined && inline === undefined, length: whole.length };
}

/** Places at which a formula is looked for: more are text, so that no text takes long. */
const MAX_TRIES = 2_000;

/** A text cut at its formulas. */
export function formulaPieces(source: string): (string | Formula)[] {
  const pieces: (string | Formula)[] = [];
  let end = 0;
  let tries = 0;
  for (let at = 0; at < source.length && tries < MAX_TRIES; at += 1) {
    if (source[at] !== '$' && source[at] !== '\\') continue;
    tries += 1;
    const formula = formulaAt(source, at);
    if (!formula) continue;
    if (at > end) pieces.push(source.slice(end, at));
    pieces.push(formula);
    end = at + formula.length;
    at = end - 1;
  }
  if (end < source.length) pieces.push(source.slice(end));
  return pieces;
}
