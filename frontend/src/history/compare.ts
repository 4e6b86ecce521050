/**
 * What is different between two saved states, from their manifests alone: no Python runs.
 *
 * A variable is the same exactly if its digest (`content`) is. Where one state has no digest of it,
 * as for what is not saved, its looks decide, and that is said.
 */
import { words } from '../i18n/compare';
import type { BlobRef, Manifest, ManifestVariable } from '../protocol.gen';
import { size } from '../ui/format';

export type Change = 'changed' | 'added' | 'removed' | 'same';

export interface VariableDifference {
  name: string;
  change: Change;
  before: ManifestVariable | null;
  after: ManifestVariable | null;
  /** What can be said more exactly than both values side by side. */
  notes: string[];
  /** Why it was not saved in one of the states; empty if it was. */
  reason: string;
}

export interface FileDifference {
  path: string;
  change: Change;
  before: BlobRef | null;
  after: BlobRef | null;
}

export interface Comparison {
  variables: VariableDifference[];
  files: FileDifference[];
  /** Variables that a state has beyond the rows that it keeps. */
  more: number;
  /** One of the states kept no rows. */
  blind: boolean;
}

const ORDER: readonly Change[] = ['changed', 'added', 'removed', 'same'];

export function compare(before: Manifest, after: Manifest): Comparison {
  const blind = !before.variables || !after.variables;
  return {
    variables: blind ? [] : inOrder(variables(before, after), ({ name }) => name),
    files: inOrder(files(before, after), ({ path }) => path),
    more: blind ? 0 : Math.max(beyond(before), beyond(after)),
    blind,
  };
}

/** How many there are of each kind, those that change first. */
export function counts(list: readonly { change: Change }[]): Record<Change, number> {
  const found = { changed: 0, added: 0, removed: 0, same: 0 };
  for (const { change } of list) found[change] += 1;
  return found;
}

function inOrder<One extends { change: Change }>(list: One[], key: (one: One) => string): One[] {
  return list.sort(
    (a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change) || (key(a) < key(b) ? -1 : 1),
  );
}

function variables(before: Manifest, after: Manifest): VariableDifference[] {
  const then = new Map(before.variables?.map((row) => [row.name, row]));
  const now = new Map(after.variables?.map((row) => [row.name, row]));
  const reasons = new Map(
    [...before.unsaved, ...after.unsaved].map((one) => [one.name, one.reason]),
  );
  // A state keeps so many rows; what is in it beyond them is no difference.
  const hidden = new Set([...namesBeyond(before, then), ...namesBeyond(after, now)]);
  const names = [...new Set([...then.keys(), ...now.keys()])].filter((name) => !hidden.has(name));
  return names.map((name) => {
    const [a, b] = [then.get(name) ?? null, now.get(name) ?? null];
    const change = changeOf(a, b);
    const notes = change === 'changed' && a && b ? notesOf(a, b) : [];
    return { name, change, before: a, after: b, notes, reason: reasons.get(name) ?? '' };
  });
}

function namesBeyond(manifest: Manifest, rows: ReadonlyMap<string, unknown>): string[] {
  return manifest.units.flatMap(({ names }) => names).filter((name) => !rows.has(name));
}

function beyond(manifest: Manifest): number {
  return namesBeyond(manifest, new Map(manifest.variables?.map((row) => [row.name, row]))).length;
}

function changeOf(a: ManifestVariable | null, b: ManifestVariable | null): Change {
  if (!a) return 'added';
  if (!b) return 'removed';
  const known = digestOf(a) !== null && digestOf(b) !== null;
  return (known ? digestOf(a) === digestOf(b) : looksSame(a, b)) ? 'same' : 'changed';
}

/** States of earlier versions have none. */
function digestOf(row: ManifestVariable): string | null {
  return (row.content as string | null | undefined) ?? null;
}

/** Whether a value looks the same in both, whatever is inside. */
export function looksSame(a: ManifestVariable, b: ManifestVariable): boolean {
  return a.type === b.type && a.shape === b.shape && a.preview === b.preview;
}

function notesOf(a: ManifestVariable, b: ManifestVariable): string[] {
  const notes: string[] = [];
  if (a.type !== b.type) notes.push(words.otherType(a.type, b.type));
  const number = a.type === b.type ? numberNote(a.preview, b.preview) : '';
  if (number) notes.push(number);
  if (a.shape !== b.shape && a.shape !== null && b.shape !== null)
    notes.push(lengthNote(a.shape, b.shape));
  if (definedAgain(a, b)) notes.push(words.definedAgain(a.entry ?? 0, b.entry ?? 0));
  else if (looksSame(a, b)) notes.push(words.inside);
  if (!number && size(a.sizeBytes) !== size(b.sizeBytes))
    notes.push(words.otherSize(size(a.sizeBytes), size(b.sizeBytes)));
  return notes;
}

/** Whether it is a function or class that was defined in two entries. */
export function definedAgain(a: ManifestVariable, b: ManifestVariable): boolean {
  return Boolean(a.entry && b.entry && a.entry !== b.entry);
}

function lengthNote(a: string, b: string): string {
  const by = /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(b) - Number(a) : 0;
  return words.otherLength(a, b, by);
}

const INTEGER = /^-?\d{1,60}$/;
const FLOAT = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;

/** `+5`, `−0.25`: by how much a number grew. */
function numberNote(a: string, b: string): string {
  if (INTEGER.test(a) && INTEGER.test(b)) {
    const by = BigInt(b) - BigInt(a);
    return words.difference(by > 0n ? `+${by}` : `−${-by}`);
  }
  if (!FLOAT.test(a) || !FLOAT.test(b)) return '';
  const by = Number((Number(b) - Number(a)).toPrecision(12));
  if (!Number.isFinite(by) || by === 0) return '';
  return words.difference(by > 0 ? `+${by}` : `−${-by}`);
}

function files(before: Manifest, after: Manifest): FileDifference[] {
  const then = new Map(before.files.map(({ path, blob }) => [path, blob]));
  const now = new Map(after.files.map(({ path, blob }) => [path, blob]));
  return [...new Set([...then.keys(), ...now.keys()])].map((path) => {
    const [a, b] = [then.get(path) ?? null, now.get(path) ?? null];
    const change = !a ? 'added' : !b ? 'removed' : a.hash === b.hash ? 'same' : 'changed';
    return { path, change, before: a, after: b };
  });
}

/** Files up to this size are compared as text, bytes. */
export const MOST_TEXT = 200_000;

/** The text of a file; null if it is none. */
export function textOf(bytes: ArrayBuffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

const OPENING = /^\s*(?:(?:async\s+)?def|class)\b/;

/**
 * The text of a function or class that begins in a line of a source, with its decorators: up to
 * the next line that stands as far left. Null where no definition begins there.
 */
export function definitionIn(source: string, line: number): string | null {
  const lines = source.split('\n');
  const start = line - 1;
  const indent = (text: string) => text.length - text.trimStart().length;
  let head = start;
  while (head < lines.length && !OPENING.test(lines[head] ?? '')) head += 1;
  const [first, opening] = [lines[start], lines[head]];
  if (first === undefined || opening === undefined) return null;
  if (head > start && !first.trimStart().startsWith('@')) return null;
  const left = indent(opening);
  let quote = openQuote(opening, '');
  let end = head + 1;
  for (; end < lines.length; end += 1) {
    const text = lines[end] ?? '';
    const inside = text.trim() === '' || indent(text) > left || /^\s*[)\]}]/.test(text);
    if (!quote && !inside) break;
    quote = openQuote(text, quote);
  }
  return lines.slice(start, end).join('\n').trimEnd();
}

/** The triple quotes that are open after a line, given those that were before it. */
function openQuote(line: string, before: string): string {
  let open = before;
  for (const [quote] of line.matchAll(/"""|'''/g)) {
    if (!open) open = quote;
    else if (open === quote) open = '';
  }
  return open;
}
