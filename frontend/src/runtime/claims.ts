/**
 * Reads values out of JSON that user code may have forged.
 *
 * Every reader gives a value of exactly the wanted shape, newly built, or throws `BadClaim`.
 * Bounds are those of the wire protocol, so what passes here is accepted by the server.
 */

export class BadClaim extends Error {}

export type Fields = Record<string, unknown>;

/**
 * The deepest nesting, and the most characters outside strings (and quotes inside them, which cost
 * as much time) that any honest answer has.
 */
const MAX_DEPTH = 100;
const MAX_STRUCTURE = 4_000_000;

/**
 * Parses JSON of bounded structure. Without the bound a few megabytes of brackets would take the
 * memory of the whole page; long strings cost little.
 */
export function parse(json: string): unknown {
  checkStructure(json);
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new BadClaim('not JSON');
  }
}

function checkStructure(json: string): void {
  let depth = 0;
  let structure = 0;
  for (let at = 0; at < json.length; at += 1) {
    const letter = json[at];
    if (letter === '"') {
      const { end, quotes } = endOfString(json, at);
      at = end;
      structure += quotes;
    } else if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    structure += 1;
    if (depth > MAX_DEPTH || structure > MAX_STRUCTURE) throw new BadClaim('too much structure');
  }
}

/** Where the string that begins at `start` ends; the search by `indexOf` is what makes it fast. */
function endOfString(json: string, start: number): { end: number; quotes: number } {
  let quotes = 0;
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return { end, quotes };
    quotes += 1;
    if (quotes > MAX_STRUCTURE) break;
  }
  return { end: json.length, quotes };
}

export function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadClaim('not an object');
  return value as Fields;
}

/** Text of at most `length` UTF-16 characters. Lone surrogates, which no server takes, go. */
export function text(value: unknown, length: number): string {
  if (typeof value !== 'string' || value.length > length) throw new BadClaim('not such a text');
  return value.toWellFormed();
}

export function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new BadClaim('not a count');
  return value;
}

/** A duration in ms, not negative, at most some thirty years. */
export function milliseconds(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0) || value > 1e12)
    throw new BadClaim('not a duration');
  return value;
}

export function list<Item>(value: unknown, length: number, read: (item: unknown) => Item): Item[] {
  if (!Array.isArray(value) || value.length > length) throw new BadClaim('not such a list');
  return value.map((item) => read(item));
}

export function oneOf<Word extends string>(value: unknown, ...words: Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new BadClaim('not one of the words');
  return found;
}

/** A path relative to the home folder, with `/`, that stays inside it. */
export function path(value: unknown): string {
  const given = text(value, 400);
  if (!isInside(given)) throw new BadClaim('not such a path');
  return given;
}

export function isInside(given: string): boolean {
  const parts = given.split('/');
  return (
    given.length <= 400 &&
    parts.every((part) => !['', '.', '..'].includes(part)) &&
    !/\0/.test(given)
  );
}
