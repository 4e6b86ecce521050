/** Rows of the variable table and the file list: made from a capture, compared with those shown. */
import {
  type FileRow,
  MAX_FILES,
  MAX_VARIABLES,
  type SetFiles,
  type SetVariables,
  type Unsaved,
  type VariableRow,
} from '../protocol.gen';
import type { RuntimeVariable } from '../runtime/interface';
import { clip, groups } from './sizes';

/** Table rows of the runtime's variables; those in `unsaved` say why they are not saved. */
export function variableRows(
  variables: readonly RuntimeVariable[],
  unsaved: readonly Unsaved[],
): VariableRow[] {
  const reasons = new Map(unsaved.map(({ name, reason }) => [name, clip(reason, 1_000)]));
  return variables.slice(0, MAX_VARIABLES).map((variable) => ({
    name: clip(variable.name, 300),
    type: clip(variable.type, 300),
    sizeBytes: count(variable.sizeBytes),
    preview: clip(variable.preview, 1_000),
    saved: !reasons.has(variable.name),
    reason: reasons.get(variable.name) ?? null,
  }));
}

/** File rows of a capture or a listing. */
export function fileRows(
  files: readonly { path: string; size?: number; sizeBytes?: number; modifiedAt: number }[],
): FileRow[] {
  return files
    .filter(({ path }) => path.length > 0 && path.length <= 400)
    .slice(0, MAX_FILES)
    .map(({ path, size, sizeBytes, modifiedAt }) => ({
      path,
      sizeBytes: count(sizeBytes ?? size ?? 0),
      modifiedAt: count(modifiedAt),
    }));
}

/** Operations that turn the shown variables into the present ones. */
export function variableChanges(
  shown: readonly VariableRow[],
  present: readonly VariableRow[],
): SetVariables[] {
  const { changed, removed } = difference(shown, present, (row) => row.name);
  return operations(changed, removed, (some, gone) => ({
    type: 'set_variables',
    changed: some,
    removed: gone,
  }));
}

export function fileChanges(shown: readonly FileRow[], present: readonly FileRow[]): SetFiles[] {
  const { changed, removed } = difference(shown, present, (row) => row.path);
  return operations(changed, removed, (some, gone) => ({
    type: 'set_files',
    changed: some,
    removed: gone,
  }));
}

function difference<Row extends object>(
  shown: readonly Row[],
  present: readonly Row[],
  key: (row: Row) => string,
): { changed: Row[]; removed: string[] } {
  const before = new Map(shown.map((row) => [key(row), row]));
  const changed = present.filter((row) => !same(before.get(key(row)), row));
  const now = new Set(present.map(key));
  return { changed, removed: [...before.keys()].filter((name) => !now.has(name)) };
}

function same(a: object | undefined, b: object): boolean {
  if (!a) return false;
  const left = a as { [field: string]: unknown };
  return Object.entries(b).every(([field, value]) => left[field] === value);
}

/** Removals come first, so that the table never holds more rows than it may. */
function operations<Row, Operation>(
  changed: readonly Row[],
  removed: readonly string[],
  make: (changed: Row[], removed: string[]) => Operation,
): Operation[] {
  if (!changed.length && !removed.length) return [];
  const gone = groups(removed);
  const rows = groups(changed);
  if (gone.length <= 1 && rows.length <= 1 && gone.length + rows.length > 1) {
    const together = [...removed, ...changed];
    if (groups(together).length === 1) return [make([...changed], [...removed])];
  }
  return [...gone.map((some) => make([], some)), ...rows.map((some) => make(some, []))];
}

function count(value: number): number {
  return Number.isFinite(value)
    ? Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(value)))
    : 0;
}
