/** Which variables the table shows and in which order: pure functions of the session's rows. */
import type { VariableRow } from '../protocol.gen';

export type SortKey = 'name' | 'type' | 'size' | 'changed';

export interface Order {
  key: SortKey;
  descending: boolean;
}

export interface Choice {
  filter: string;
  modules: boolean;
  functions: boolean;
  /** Null leaves them in the order in which the code made them. */
  order: Order | null;
}

const FUNCTIONS = new Set(['function', 'builtin_function_or_method', 'method', 'type', 'ABCMeta']);

/** Names sort as people sort them: `x2` before `x10`. Ties keep the order of creation. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export function isModule(row: VariableRow): boolean {
  return row.type === 'module';
}

export function isFunction(row: VariableRow): boolean {
  return FUNCTIONS.has(row.type) || row.preview.startsWith('<class ');
}

/** The rows that a choice leaves, in its order, and how many the two switches hide. */
export function listed(rows: readonly VariableRow[], choice: Choice) {
  const wanted = choice.filter.trim().toLowerCase();
  const matching = rows.filter((row) => matches(row, wanted));
  const shown = matching.filter(
    (row) => (choice.modules || !isModule(row)) && (choice.functions || !isFunction(row)),
  );
  const hidden = matching.length - shown.length;
  return { rows: choice.order ? sorted(shown, choice.order) : shown, hidden };
}

function matches(row: VariableRow, wanted: string): boolean {
  return row.name.toLowerCase().includes(wanted) || row.type.toLowerCase().includes(wanted);
}

function sorted(rows: VariableRow[], { key, descending }: Order): VariableRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(a, b, key));
}

function compare(a: VariableRow, b: VariableRow, key: SortKey): number {
  switch (key) {
    case 'name':
      return collator.compare(a.name, b.name);
    case 'type':
      return collator.compare(a.type, b.type) || collator.compare(a.name, b.name);
    case 'size':
      return a.sizeBytes - b.sizeBytes;
    case 'changed':
      return (a.entry ?? 0) - (b.entry ?? 0);
  }
}

/** The order after a press on a column's head: up, down, then as the code made them. */
export function nextOrder(order: Order | null, key: SortKey): Order | null {
  const first = key === 'size' || key === 'changed';
  if (order?.key !== key) return { key, descending: first };
  return order.descending === first ? { key, descending: !first } : null;
}

/** Where the arrow keys lead from row `index` of `count`; null for other keys. */
export function movedTo(key: string, index: number, count: number, page: number): number | null {
  const moves: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: count - 1,
  };
  const to = moves[key];
  return to === undefined || !count ? null : Math.max(0, Math.min(count - 1, to));
}

/** The rows in sight of a list whose rows are all equally high, and some beyond both edges. */
export function inSight(top: number, height: number, rowHeight: number, count: number) {
  const beyond = 8;
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + beyond);
  return { first: Math.min(first, count), last };
}
