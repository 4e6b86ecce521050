/** The question `remake` to Python (docs/runtime.md), and its answer, which is a claim. */
import type { Entry, SessionState, VariableRow } from '../protocol.gen';
import { count, fields, list, oneOf, text } from '../runtime/claims';

const WARNINGS = ['asks', 'files', 'random', 'network', 'time', 'failed'] as const;
export type Warning = (typeof WARNINGS)[number];

export interface RemakeEntry {
  number: number;
  /** Its code, and the entry that a run of it says it repeats. */
  source: string;
  kind: 'code' | 'file';
  path: string | null;
  origin: number;
  makes: string[];
  /** Saved variables that it changes as well. */
  changes: string[];
  /** What it reads and a later entry changed. */
  stale: { name: string; number: number }[];
  warnings: Warning[];
}

export interface RemakePlan {
  /** The variables that are wanted. */
  names: string[];
  /** They are here and only cannot be saved: there is nothing to run now. */
  ahead: boolean;
  entries: RemakeEntry[];
  unknown: { name: string; deleted: boolean }[];
}

const MAX_NAMES = 10_000;
const MAX_NAME = 300;

/** The variables to make again: those of these names, or all that did not come back. */
export function wantedRows(state: SessionState, names: readonly string[] | null): VariableRow[] {
  const unsaved = state.variables.filter(({ saved }) => !saved);
  if (names) return unsaved.filter(({ name }) => names.includes(name));
  const missing = unsaved.filter((row) => row.missing);
  return missing.length ? missing : unsaved;
}

/** The arguments of the question. */
export function question(
  state: SessionState,
  entries: readonly Entry[],
  wanted: readonly VariableRow[],
): unknown {
  const unsaved = state.variables.filter(({ saved }) => !saved);
  const absent = isAhead(wanted) ? unsaved : unsaved.filter(({ missing }) => missing);
  return {
    names: wanted.map(({ name }) => name),
    absent: absent.map(({ name }) => name),
    entries: entries.filter(({ kind }) => kind !== 'imported').map(asked),
    marks: state.marks
      .filter(({ kind }) => kind !== 'clear')
      .map(({ after, to }) => ({ after, to: to ?? 0 })),
    hints: Object.fromEntries(
      unsaved.flatMap(({ name, entry }) => (entry === null ? [] : [[name, entry] as const])),
    ),
  };
}

/** Reads the answer; entries that are not known are left out. */
export function readPlan(
  claim: unknown,
  wanted: readonly VariableRow[],
  entries: readonly Entry[],
): RemakePlan {
  const given = fields(claim);
  const known = new Map(entries.map((entry) => [entry.number, entry]));
  const found = list(given['entries'], MAX_NAMES, (item) => {
    const row = fields(item);
    const entry = known.get(count(row['number']));
    if (!entry) return null;
    const file = entry.kind === 'file';
    return {
      number: entry.number,
      source: codeOf(entry),
      kind: file ? ('file' as const) : ('code' as const),
      path: file ? entry.path : null,
      origin: originOf(entry, known),
      makes: names(row['makes']),
      changes: names(row['changes']),
      stale: list(row['stale'], MAX_NAMES, readStale),
      warnings: list(row['warnings'], WARNINGS.length, (warning) => oneOf(warning, ...WARNINGS)),
    };
  });
  return {
    names: wanted.map(({ name }) => name),
    ahead: isAhead(wanted),
    entries: found.filter((entry) => entry !== null),
    unknown: list(given['unknown'], MAX_NAMES, (item) => {
      const row = fields(item);
      return { name: text(row['name'], MAX_NAME), deleted: row['deleted'] === true };
    }),
  };
}

function isAhead(wanted: readonly VariableRow[]): boolean {
  return !wanted.some(({ missing }) => missing);
}

function asked(entry: Entry) {
  const { number, status, outputs, deleted } = entry;
  const failed = status !== 'ok';
  const error = outputs.findLast((output) => output.type === 'error');
  const source = deleted ? '' : codeOf(entry);
  return { number, source, failed, line: (failed && error?.place?.line) || null, deleted };
}

/** The Python that an entry ran; empty for a command without any. */
function codeOf({ kind, source }: Entry): string {
  return kind === 'command' ? (/^\s*:time\s+([\s\S]*)$/i.exec(source)?.[1] ?? '') : source;
}

/** The first entry with this code: what runs again and again still says where it comes from. */
function originOf(entry: Entry, known: ReadonlyMap<number, Entry>): number {
  let first = entry;
  for (;;) {
    const before = first.origin === null ? undefined : known.get(first.origin);
    if (!before || before.deleted || codeOf(before) !== codeOf(entry)) return first.number;
    first = before;
  }
}

function names(value: unknown): string[] {
  return list(value, MAX_NAMES, (name) => text(name, MAX_NAME));
}

function readStale(value: unknown): { name: string; number: number } {
  const [name, number] = list(value, 2, (part) => part);
  return { name: text(name, MAX_NAME), number: count(number) };
}
