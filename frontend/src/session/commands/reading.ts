/** The commands that look: their answers as text. */
import { words } from '../../i18n/commands';
import type { Entry, Output } from '../../protocol.gen';
import { moment, size } from '../../ui/format';
import { listedSnapshots } from '../listing';
import { CommandError, type Reading } from './kinds';
import { numberOf } from './arguments';
import { shortTime, table } from './text';

export function vars({ state }: Reading): string {
  const rows = [...state().variables].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (!rows.length) return words.noVariables;
  const cells = rows.map((row) => [row.name, row.type, size(row.sizeBytes), row.preview]);
  return table(words.head.vars, cells, [2]);
}

export async function history({ entries }: Reading): Promise<string> {
  const shown = (await entries()).filter(({ deleted }) => !deleted);
  if (!shown.length) return words.noHistory;
  const cells = shown.map((entry) => [
    `#${entry.number}`,
    words.status[entry.status],
    entry.durationMs === null ? '' : shortTime(entry.durationMs),
    inputOf(entry),
  ]);
  return table(words.head.history, cells, [0, 2]);
}

export async function show({ entries }: Reading, args: string): Promise<string> {
  const number = numberOf(args);
  if (number === null) throw new CommandError(words.errors.needs(':show n'));
  const entry = (await entries()).find((candidate) => candidate.number === number);
  if (!entry) throw new CommandError(words.errors.noEntry(number));
  if (entry.deleted) throw new CommandError(words.errors.wasDeleted(number));
  const output = entry.outputs.map(textOf).join('');
  return `#${number}\n${entry.source}\n\n${output || words.noOutput}`;
}

export function snapshots({ state }: Reading): string {
  const listed = listedSnapshots(state());
  if (!listed.length) return words.noSnapshots;
  const cells = listed.map(({ number, createdAt, bytes, label }) => [
    `#${number}`,
    moment(createdAt),
    size(bytes),
    label ?? '',
  ]);
  return table(words.head.snapshots, cells, [0, 2]);
}

function inputOf({ kind, path, source }: Entry): string {
  return kind === 'file' && path ? `:load ${path}` : source;
}

function textOf(output: Output): string {
  switch (output.type) {
    case 'stream':
      return output.text;
    case 'error':
      return `${output.traceback.join('\n')}\n`;
    case 'display_data':
    case 'execute_result': {
      const text = output.data['text/plain'];
      const kinds = [...Object.keys(output.data), ...Object.keys(output.blobs)];
      return `${text ?? `(${kinds.join(', ')})`}\n`;
    }
    default:
      return output satisfies never;
  }
}
