/**
 * Reads trees and tables that a program's runtime made (docs/outputs.md), as claims: anything that
 * does not fit gives null, and the plain text is shown instead.
 */
import { BadClaim, count, fields, list, parse, text } from '../runtime/claims';

export const TREE = 'application/vnd.playground.tree+json';
export const TABLE = 'application/vnd.playground.table+json';

const MAX_NODES = 5_000;
const MAX_LEVELS = 20;
const MAX_TEXT = 1_000;
const MAX_ROWS = 500;
const MAX_COLUMNS = 100;

export interface Leaf {
  text: string;
}

export interface Branch {
  open: string;
  close: string;
  size: number;
  items: [key: string | null, node: TreeNode][];
  more: number;
}

export type TreeNode = Leaf | Branch;

export interface Column {
  name: string;
  number: boolean;
}

export interface Table {
  columns: Column[];
  rows: (string | null)[][];
  moreRows: number;
  moreColumns: number;
}

export function readTree(json: string): TreeNode | null {
  let left = MAX_NODES;
  const node = (value: unknown, level: number): TreeNode => {
    left -= 1;
    const given = fields(value);
    if (left < 0 || level > MAX_LEVELS) throw new BadClaim('too large a tree');
    if (given['open'] === undefined) return { text: text(given['text'], MAX_TEXT) };
    const items = list(given['items'], MAX_NODES, (item): [string | null, TreeNode] => {
      if (!Array.isArray(item) || item.length !== 2) throw new BadClaim('not a pair');
      const [key, inner] = item as [unknown, unknown];
      return [key === null ? null : text(key, MAX_TEXT), node(inner, level + 1)];
    });
    return {
      open: text(given['open'], 400),
      close: text(given['close'], 10),
      size: count(given['size']),
      items,
      more: count(given['more']),
    };
  };
  return claimed(() => node(parse(json), 0));
}

export function readTable(json: string): Table | null {
  return claimed(() => {
    const given = fields(parse(json));
    const columns = list(given['columns'], MAX_COLUMNS, (value): Column => {
      const column = fields(value);
      return { name: text(column['name'], MAX_TEXT), number: column['number'] === true };
    });
    const rows = list(given['rows'], MAX_ROWS, (row) => {
      const cells = list(row, MAX_COLUMNS, (cell) => (cell === null ? null : text(cell, MAX_TEXT)));
      if (cells.length !== columns.length) throw new BadClaim('not a row of this table');
      return cells;
    });
    const [moreRows, moreColumns] = [count(given['moreRows']), count(given['moreColumns'])];
    return columns.length ? { columns, rows, moreRows, moreColumns } : null;
  });
}

/** JSON of a program as a tree; of a large one its beginning. */
export function jsonTree(json: string): TreeNode | null {
  let left = MAX_NODES;
  const node = (value: unknown, level: number): TreeNode => {
    left -= 1;
    if (typeof value !== 'object' || value === null)
      return { text: clipped(JSON.stringify(value)) };
    const all = Array.isArray(value)
      ? value.map((one: unknown, at): [string, unknown] => [String(at), one])
      : Object.entries(value).map(([key, one]): [string, unknown] => [JSON.stringify(key), one]);
    const items: Branch['items'] = [];
    if (level < MAX_LEVELS)
      for (const [key, one] of all) {
        if (left <= 0) break;
        items.push([clipped(key), node(one, level + 1)]);
      }
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    return { open, close, size: all.length, items, more: all.length - items.length };
  };
  return claimed(() => node(parse(json), 0));
}

/** The rows in the order of one column; equal ones keep their order, missing cells come last. */
export function sorted(
  table: Table,
  column: number,
  down: boolean,
): { place: number; cells: (string | null)[] }[] {
  const numeric = table.columns[column]?.number ?? false;
  const rows = table.rows.map((cells, place) => ({ place, cells }));
  if (column < 0) return rows;
  const sign = down ? -1 : 1;
  return rows.sort((one, other) => {
    const [a, b] = [one.cells[column] ?? null, other.cells[column] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (numeric ? numbered(a) - numbered(b) : a.localeCompare(b));
  });
}

/** A table as text that spreadsheets take. */
export function tsv(table: Table): string {
  const cell = (value: string | null) => (value ?? '').replace(/[\t\r\n]+/g, ' ');
  return [table.columns.map(({ name }) => name), ...table.rows]
    .map((row) => row.map(cell).join('\t'))
    .join('\n');
}

function numbered(cell: string): number {
  const value = Number(cell === 'inf' ? Infinity : cell === '-inf' ? -Infinity : cell);
  return Number.isNaN(value) ? Number.MAX_VALUE : Math.min(Math.max(value, -1e308), 1e308);
}

function clipped(value: string): string {
  return value.length <= 300 ? value : `${value.slice(0, 300).toWellFormed()}…`;
}

function claimed<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadClaim) return null;
    throw error;
  }
}
