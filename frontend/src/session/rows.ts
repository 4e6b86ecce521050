/** Rows of the variable table and the file list: made from a capture, compared with those shown. */
import {
  type FileRow,
  type Manifest,
  type ManifestVariable,
  MAX_FILES,
  MAX_MANIFEST_VARIABLES,
  MAX_VARIABLES,
  type SetFiles,
  type SetVariables,
  type Unsaved,
  type VariableRow,
} from '../protocol.gen';
import type { RuntimeVariable } from '../runtime/interface';
import { clip, groups } from './sizes';

/** What was not saved; `missing` when it is not here either. */
export type NotSaved = Unsaved & { missing?: boolean };

/**
 * Table rows of the runtime's variables; those in `unsaved` say why they are not saved, and those
 * that are saved without something that belongs to them say what. A row that looks different from
 * the one `shown` last changed in the run of `entry`, if it was a run.
 */
export function variableRows(
  variables: readonly RuntimeVariable[],
  unsaved: readonly NotSaved[],
  shown: readonly VariableRow[],
  entry: number | null,
): VariableRow[] {
  const earlier = new Map(shown.map((row) => [row.name, row]));
  const reasons = new Map(unsaved.map((row) => [row.name, row]));
  return variables.slice(0, MAX_VARIABLES).map((variable) => {
    const why = reasons.get(variable.name);
    const row: VariableRow = {
      name: clip(variable.name, 300),
      type: clip(variable.type, 300),
      sizeBytes: count(variable.sizeBytes),
      preview: clip(variable.preview, 1_000),
      saved: !why,
      reason: why ? clip(why.reason, 1_000) : variable.remark,
      shape: variable.shape,
      entry,
      missing: why?.missing ?? false,
    };
    const old = earlier.get(row.name);
    // What stands for a value that did not come back is no change of it.
    if (old && entry === null && row.missing) return { ...row, entry: old.entry };
    if (!old || !looksSame(old, row)) return row;
    // A value that was brought back may take more or less memory than the one that was saved.
    const changed = entry !== null && old.sizeBytes !== row.sizeBytes;
    return changed ? row : { ...row, entry: old.entry };
  });
}

/** A snapshot keeps so much of a preview, in characters. */
const KEPT_PREVIEW_CHARS = 200;

/** The variables as a snapshot keeps them to be looked at later. */
export function keptRows(
  variables: readonly Omit<RuntimeVariable, 'remark'>[],
): ManifestVariable[] {
  return variables.slice(0, MAX_MANIFEST_VARIABLES).map((variable) => ({
    name: clip(variable.name, 300),
    type: clip(variable.type, 300),
    sizeBytes: count(variable.sizeBytes),
    preview: clip(variable.preview, KEPT_PREVIEW_CHARS),
    shape: variable.shape,
    content: variable.content,
    entry: variable.entry,
    line: variable.line,
  }));
}

/**
 * The manifest that stays the same, byte by byte, while what it saves does: a value's size may read
 * differently after it was brought back. What is not saved is told as it is now.
 */
export function steadied(manifest: Manifest, earlier: Manifest | undefined): Manifest {
  if (!earlier?.variables || contentOf(earlier) !== contentOf(manifest)) return manifest;
  const lost = new Set(manifest.unsaved.map(({ name }) => name));
  const known = new Map(earlier.variables.map((row) => [row.name, row]));
  const steady = (row: ManifestVariable) => (lost.has(row.name) ? row : known.get(row.name));
  const variables = manifest.variables?.map((row) => steady(row) ?? row) ?? null;
  return { ...manifest, variables };
}

function contentOf(manifest: Manifest): string {
  return JSON.stringify({ ...manifest, variables: null });
}

function looksSame(a: VariableRow, b: VariableRow): boolean {
  return a.type === b.type && a.preview === b.preview && a.shape === b.shape;
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
