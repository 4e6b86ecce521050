/** Reads what follows a command's name. */
import { words } from '../../i18n/commands';
import { MAX_DELETED } from '../../protocol.gen';
import { CommandError } from './kinds';

/** An entry's number, `3` or `#3`; null for anything else. */
export function numberOf(text: string): number | null {
  const [, digits] = /^#?(\d{1,9})$/.exec(text.trim()) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** `3 5`, `#3, #5` or `3-5`: the numbers, each once, in order. */
export function numbersOf(text: string, usage: string): number[] {
  const numbers = new Set<number>();
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [from, to = from] = part.split('-', 2).map(numberOf);
    if (from === null || from === undefined || to === null || to === undefined || to < from)
      throw new CommandError(words.errors.needs(usage));
    if (to - from >= MAX_DELETED) throw new CommandError(words.errors.tooMany(MAX_DELETED));
    for (let number = from; number <= to; number += 1) numbers.add(number);
  }
  if (!numbers.size) throw new CommandError(words.errors.needs(usage));
  if (numbers.size > MAX_DELETED) throw new CommandError(words.errors.tooMany(MAX_DELETED));
  return [...numbers].sort((a, b) => a - b);
}

export function namesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
