/**
 * The one table of session commands. `:help`, completion, the palette and docs/commands.md are made
 * from it, and what is typed in the input means the same as a button or `playground.execute`.
 */
import { words } from '../../i18n/commands';
import { homePath } from '../paths';
import {
  clear,
  del,
  redo,
  remake,
  reset,
  restore,
  restoreTarget,
  save,
  time,
  undo,
} from './acting';
import { compare } from './comparing';
import { namesOf, numbersOf } from './arguments';
import { type Command, CommandError } from './kinds';
import { history, show, snapshots, vars } from './reading';
import { nameList, nearest, numberList } from './text';

const { help, asks } = words;

export const COMMANDS: readonly Command[] = [
  { name: 'help', args: '', help: help.help, kind: 'read', run: () => helpText() },
  { name: 'vars', args: '', help: help.vars, kind: 'read', run: vars },
  { name: 'history', args: '', help: help.history, kind: 'read', run: history },
  { name: 'show', args: 'n', help: help.show, kind: 'read', run: show },
  {
    name: 'del',
    args: 'n [m …]',
    help: help.del,
    kind: 'act',
    save: null,
    asks: (args) => asks.del(numberList(numbersOf(args, ':del n [m …]'))),
    run: del,
  },
  {
    name: 'clear',
    args: '[names]',
    help: help.clear,
    kind: 'act',
    save: 'clear',
    asks: (args) => asks.clear(nameList(namesOf(args))),
    run: clear,
  },
  {
    name: 'reset',
    args: '',
    help: help.reset,
    kind: 'act',
    save: 'reset',
    asks: () => asks.reset,
    run: reset,
  },
  { name: 'load', args: 'file.py', help: help.load, kind: 'file', path: pathOf },
  { name: 'save', args: '[name]', help: help.save, kind: 'act', save: null, run: save },
  { name: 'snapshots', args: '', help: help.snapshots, kind: 'read', run: snapshots },
  { name: 'compare', args: 'a [b]', help: help.compare, kind: 'read', run: compare },
  {
    name: 'restore',
    args: 'n',
    help: help.restore,
    kind: 'act',
    save: null,
    asks: (args) => asks.restore(restoreTarget(args)),
    run: restore,
  },
  {
    name: 'remake',
    args: '[names]',
    help: help.remake,
    kind: 'act',
    save: null,
    asks: (args) => ({ remake: namesOf(args) }),
    run: remake,
  },
  { name: 'time', args: 'code', help: help.time, kind: 'act', save: 'execution', run: time },
  { name: 'undo', args: '', help: help.undo, kind: 'act', save: null, run: undo },
  { name: 'redo', args: '', help: help.redo, kind: 'act', save: null, run: redo },
];

/** What there is to know of `:undo` beyond its line. */
export const UNDO_NOTE: string = words.undoNote;

/** The names with their colon, for completion. */
export const COMMAND_NAMES: readonly string[] = COMMANDS.map(({ name }) => `:${name}`);

/** `:show n`: how a command is written. */
export function usage({ name, args }: Command): string {
  return args ? `:${name} ${args}` : `:${name}`;
}

export interface Parsed {
  /** Null when there is none of that name. */
  command: Command | null;
  name: string;
  args: string;
}

/** Whether a text is a command; no Python begins with a colon. */
export function parseCommand(source: string): Parsed | null {
  const [, name, args = ''] = /^\s*:(\S*)\s*([\s\S]*)$/.exec(source) ?? [];
  if (name === undefined) return null;
  const command = COMMANDS.find((candidate) => candidate.name === name.toLowerCase()) ?? null;
  return { command, name, args: args.trimEnd() };
}

/** What to say to a name that no command has. */
export function unknownText(name: string): string {
  const near = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  return words.errors.unknown(name, near);
}

function helpText(): string {
  const width = Math.max(...COMMANDS.map((command) => usage(command).length));
  const lines = COMMANDS.map((command) => `${usage(command).padEnd(width)}  ${command.help}`);
  return [...lines, '', words.undoNote].join('\n');
}

function pathOf(args: string): string {
  if (!args) throw new CommandError(words.errors.needs(':load file.py'));
  return homePath(args.replace(/^(["'])(.*)\1$/, '$2'));
}
