/** What can be done with an entry, in the order of its menu; and what its origin is called. */
import { words } from '../i18n/history';
import type { Entry, SnapshotInfo } from '../protocol.gen';
import type { IconName } from '../ui/icons';

export type ToolName = 'copy' | 'again' | 'edit' | 'pin' | 'collapse' | 'name' | 'fork' | 'delete';

export interface Tool {
  name: ToolName;
  text: string;
  icon: IconName;
}

export interface About {
  /** Whether this person may change the session. */
  edits: boolean;
  /** Whether this person may make a session of their own from it. */
  forks: boolean;
  /** The saved state right after the entry, while it is kept. */
  snapshot: SnapshotInfo | null;
  collapsed: boolean;
}

/** Nothing is offered that cannot be done. */
export function toolsOf(entry: Entry, about: About): Tool[] {
  const { edits, forks, snapshot, collapsed } = about;
  const coded = entry.source.trim() !== '';
  const ended = entry.status !== 'running' && entry.status !== 'queued';
  const all: [boolean, Tool][] = [
    [coded, { name: 'copy', text: words.copy, icon: 'copy' }],
    [coded && edits, { name: 'again', text: words.again, icon: 'again' }],
    [coded && edits, { name: 'edit', text: words.edit, icon: 'edit' }],
    [edits, { name: 'pin', text: entry.pinned ? words.unpin : words.pin, icon: 'pin' }],
    [
      true,
      {
        name: 'collapse',
        text: collapsed ? words.expand : words.collapse,
        icon: collapsed ? 'open' : 'right',
      },
    ],
    [
      edits && snapshot !== null,
      { name: 'name', text: snapshot?.label ? words.rename : words.name, icon: 'here' },
    ],
    [forks && snapshot !== null, { name: 'fork', text: words.fork, icon: 'fork' }],
    [edits && ended, { name: 'delete', text: words.delete, icon: 'trash' }],
  ];
  return all.filter(([offered]) => offered).map(([, tool]) => tool);
}

export interface OriginText {
  number: number;
  text: string;
  gone: boolean;
}

/** How an entry names the one it runs again; `origin` is undefined while that is not loaded. */
export function originOf(entry: Entry, origin: Entry | undefined): OriginText | null {
  if (entry.origin === null) return null;
  const number = entry.origin;
  const gone = origin?.deleted ?? false;
  if (!origin || gone) return { number, text: words.origin.from, gone };
  const same = origin.source === entry.source;
  return { number, text: same ? words.origin.again : words.origin.edited, gone };
}

/** What runs an entry once more: the text for the input, and where it says it comes from. */
export function runAgain(entry: Entry): { source: string; origin: number } {
  const file = entry.kind === 'file' && entry.path !== null;
  return { source: file ? `:load ${entry.path}` : entry.source, origin: entry.number };
}

/** The first line with something in it, for a folded entry and the palette. */
export function firstLine(source: string): string {
  return (
    source
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}
