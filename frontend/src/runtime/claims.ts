/**
 * Reads values out of JSON that user code may have forged.
 *
 * Every reader gives a value of exactly the wanted shape, newly built, or throws `BadClaim`.
 * Bounds are those of the wire protocol, so what passes here is accepted by the server.
 */

export class BadClaim extends Error {}

export type Fields = Record<string, unknown>;

export function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new BadClaim('not JSON');
  }
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
