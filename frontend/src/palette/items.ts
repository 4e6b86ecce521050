/**
 * What the palette offers: actions of the page and session commands always, and for who types
 * something also entries, files and variables.
 */
import { firstLine } from '../history/entryTools';
import { words } from '../i18n/history';
import type { SessionState } from '../protocol.gen';
import { COMMANDS, usage } from '../session/commands/table';

export type Kind = keyof typeof words.kind;

export interface Item {
  id: string;
  kind: Kind;
  text: string;
  /** More words that find it; shown beside it. */
  note: string;
  keys?: string;
  run(): void;
}

export type ActionName = keyof typeof words.action;

export interface Does {
  /** What each action does; those that are missing cannot be done now. */
  actions: Partial<Record<ActionName, () => void>>;
  /** Runs a session command that is complete; null for who may not. */
  command: ((source: string) => void) | null;
  /** Puts the beginning of a command that needs more into the input box. */
  begin: ((text: string) => void) | null;
  entry(number: number): void;
  file(path: string): void;
  variable(name: string): void;
}

const KEYS: Partial<Record<ActionName, string>> = {
  run: 'Shift+Enter',
  search: 'Ctrl+F',
  help: 'F1',
};

/** What is offered before anything was typed. */
export function always(does: Does): Item[] {
  const actions = (Object.keys(words.action) as ActionName[]).flatMap((name): Item[] => {
    const run = does.actions[name];
    const keys = KEYS[name];
    if (!run) return [];
    const item = {
      id: `action-${name}`,
      kind: 'action' as const,
      text: words.action[name],
      note: '',
    };
    return [{ ...item, run, ...(keys && { keys }) }];
  });
  return [...actions, ...commands(does)];
}

function commands({ command, begin }: Does): Item[] {
  if (!command || !begin) return [];
  return COMMANDS.map((one) => {
    const source = `:${one.name}`;
    // What is in brackets can be left out.
    const alone = one.args === '' || one.args.startsWith('[');
    const run = () => (alone ? command(source) : begin(`${source} `));
    return { id: `command-${one.name}`, kind: 'command', text: usage(one), note: one.help, run };
  });
}

/** What is offered beside that to who types something. */
export function found(state: SessionState, does: Does): Item[] {
  const files = state.files.map(({ path }): Item => ({
    id: `file-${path}`,
    kind: 'file',
    text: words.openFile(path),
    note: '',
    run: () => does.file(path),
  }));
  const variables = state.variables.map(({ name, type }): Item => ({
    id: `variable-${name}`,
    kind: 'variable',
    text: words.findVariable(name),
    note: type,
    run: () => does.variable(name),
  }));
  const entries = state.entries
    .filter(({ deleted }) => !deleted)
    .map(({ number, source }): Item => ({
      id: `entry-${number}`,
      kind: 'entry',
      text: words.goToEntry(number, firstLine(source).slice(0, 120)),
      note: '',
      run: () => does.entry(number),
    }))
    .reverse();
  return [...variables, ...files, ...entries];
}

/** `12` and `#12` go to that entry, loaded or not. */
export function byNumber(typed: string, state: SessionState, does: Does): Item[] {
  const number = Number(/^#?(\d{1,9})$/.exec(typed.trim())?.[1] ?? 0);
  if (number < 1 || number >= state.nextNumber) return [];
  const source = state.entries.find((entry) => entry.number === number)?.source ?? '';
  const text = words.goToEntry(number, firstLine(source).slice(0, 120));
  return [{ id: `entry-${number}`, kind: 'entry', text, note: '', run: () => does.entry(number) }];
}
