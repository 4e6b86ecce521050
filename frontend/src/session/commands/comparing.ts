/** `:compare a [b]`: what is different between two saved states, as text. */
import {
  compare as comparison,
  type Comparison,
  counts,
  type FileDifference,
  type VariableDifference,
} from '../../history/compare';
import { linesOf } from '../../history/diff';
import { definitions, fileTexts, hasTexts, type Texts } from '../../history/texts';
import { words } from '../../i18n/commands';
import { words as said } from '../../i18n/compare';
import type { SessionState, SnapshotInfo } from '../../protocol.gen';
import { size } from '../../ui/format';
import { findSnapshot } from '../reducer';
import { numberOf } from './arguments';
import { CommandError, type Reading } from './kinds';
import { table } from './text';

/** Texts whose lines are shown, and lines of each. */
const MOST_TEXTS = 10;
const MOST_LINES = 40;
const MOST_ROWS = 200;

const USAGE = ':compare a [b]';
const SIGNS = { same: ' ', added: '+', removed: '-' } as const;

export async function compare(at: Reading, args: string): Promise<string> {
  await at.settled();
  const [first, second] = pointsIn(args, at.state());
  const [before, after] = await Promise.all([at.lookAt(first.id), at.lookAt(second.id)]);
  const found = comparison(before, after);
  const head = said.from(nameOf(first, at.state()), nameOf(second, at.state()));
  const parts = [`${head}: ${summary(found)}`];
  if (found.blind) parts.push(said.blind);
  if (found.more) parts.push(said.more(found.more));
  parts.push(...rowsOf(found), ...(await textsOf(found, at)));
  return parts.join('\n\n');
}

/** How a state is called: by its name, or by the entry after which it is. */
function nameOf(info: SnapshotInfo, state: SessionState): string {
  if (info.id === state.head) return said.now;
  return info.label ? said.atLabel(info.label, info.number) : said.afterEntry(info.number);
}

function summary({ variables, files, blind }: Comparison): string {
  const all = counts([...variables, ...files]);
  if (!all.changed && !all.added && !all.removed) return blind ? '' : said.nothing;
  return said.summary(all.changed, all.added, all.removed, all.same);
}

function rowsOf({ variables, files }: Comparison): string[] {
  const rows = variables.filter(({ change }) => change !== 'same').map(variableRow);
  const others = files.filter(({ change }) => change !== 'same').map(fileRow);
  const found: string[] = [];
  if (rows.length) found.push(table(words.head.compare, rows.slice(0, MOST_ROWS)));
  if (others.length) found.push(table(words.head.compareFiles, others.slice(0, MOST_ROWS)));
  return found;
}

function variableRow({ name, change, before, after, notes, reason }: VariableDifference): string[] {
  const told = reason ? [...notes, said.unsaved(reason)] : notes;
  const type = after?.type ?? before?.type ?? '';
  const shown = (preview: string | undefined) => preview ?? '';
  return [
    said.change[change],
    name,
    type,
    shown(before?.preview),
    shown(after?.preview),
    told.join('; '),
  ];
}

function fileRow({ path, change, before, after }: FileDifference): string[] {
  const shown = (blob: { size: number } | null) => (blob ? size(blob.size) : '');
  return [said.change[change], path, shown(before), shown(after)];
}

async function textsOf({ variables, files }: Comparison, at: Reading): Promise<string[]> {
  const found: string[] = [];
  const add = (name: string, texts: Texts | null) => {
    if (texts && texts[0] !== texts[1]) found.push(`${name}:\n${linesIn(texts)}`);
  };
  for (const one of variables.filter(hasTexts).slice(0, MOST_TEXTS))
    add(one.name, await definitions(one, at));
  const changed = files.filter(({ change }) => change === 'changed');
  for (const one of changed.slice(0, MOST_TEXTS)) add(one.path, await fileTexts(one, at));
  return found;
}

function linesIn([before, after]: Texts): string {
  const [lines, left] = linesOf(before, after, MOST_LINES);
  const shown = lines.map((line) => (line ? `${SIGNS[line.kind]} ${line.text}` : said.skipped));
  return [...shown, ...(left ? [said.left(left)] : [])].join('\n');
}

/** `3`, `#3 #8`, `now`, or names of states, in quotes where two have blanks in them. */
function pointsIn(args: string, state: SessionState): [SnapshotInfo, SnapshotInfo] {
  const text = args.trim();
  if (!text) throw new CommandError(words.errors.needs(USAGE));
  const now = findSnapshot(state, state.head);
  const whole = pointOf(text, state);
  const parts = whole ? [] : [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)];
  const named = parts.map(([, double, single, bare]) => double ?? single ?? bare ?? '');
  if (named.length > 2) throw new CommandError(words.errors.needs(USAGE));
  const [first, second] = whole ? [whole] : named.map((name) => needed(name, state));
  const last = second ?? now;
  if (!first || !last) throw new CommandError(words.noSnapshots);
  return [first, last];
}

function needed(name: string, state: SessionState): SnapshotInfo {
  const found = pointOf(name, state);
  if (found) return found;
  const number = numberOf(name);
  throw new CommandError(
    number === null ? words.errors.noLabel(name) : words.errors.noState(number),
  );
}

function pointOf(name: string, state: SessionState): SnapshotInfo | undefined {
  const number = numberOf(name);
  const { snapshots } = state;
  return (
    snapshots.findLast(({ label }) => label === name) ??
    (number === null
      ? undefined
      : snapshots.findLast((info) => info.number === number && info.cause === 'execution')) ??
    (name.toLowerCase() === said.now ? (findSnapshot(state, state.head) ?? undefined) : undefined)
  );
}
