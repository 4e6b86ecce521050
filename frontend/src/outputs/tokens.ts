/** Code in pieces for showing: the tokens in a part of a source, and the plain text between them. */
export interface Token {
  from: number;
  to: number;
  name: string;
}

export interface Piece {
  text: string;
  /** The token's group; empty for plain text. */
  name: string;
}

/** The pieces of `source` from one offset to another; put together they are that text. */
export function piecesOf(
  source: string,
  tokens: readonly Token[],
  from = 0,
  to = source.length,
): Piece[] {
  const pieces: Piece[] = [];
  let at = from;
  const add = (end: number, name: string) => {
    if (end > at) pieces.push({ text: source.slice(at, end), name });
    at = Math.max(at, end);
  };
  for (const token of tokens) {
    if (token.to <= at) continue;
    if (token.from >= to) break;
    add(Math.min(token.from, to), '');
    add(Math.min(token.to, to), token.name);
  }
  add(to, '');
  return pieces;
}
