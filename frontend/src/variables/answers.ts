/** Reads what the runtime answers to `view` and `copy`: a claim, rebuilt and bounded. */
import { BadClaim, count, fields, list, oneOf, text } from '../runtime/claims';

export const VIEWS = ['items', 'attributes', 'table', 'text', 'bytes', 'source'] as const;
export type ViewName = (typeof VIEWS)[number];

export type Step = ['item' | 'attr', number];

export interface Crumb {
  label: string;
  type: string;
  /** Whether the label is Python, so that the labels together lead to the value. */
  code: boolean;
}

export interface ChildRow {
  label: string;
  type: string;
  preview: string;
  /** A property: it would have to be computed by code, so it was not read. */
  unread: boolean;
  step: Step;
}

export interface RowsPage {
  start: number;
  total: number;
  rows: ChildRow[];
}

export interface TablePage {
  start: number;
  total: number;
  columns: string[];
  numeric: boolean[];
  opens: boolean;
  rows: { label: string; cells: string[] }[];
}

export interface TextPage {
  start: number;
  total: number;
  text: string;
  /** Whether the value is this text, or only written as it. */
  own: boolean;
}

export interface BytesPage {
  start: number;
  total: number;
  hex: string;
}

export interface SourcePage {
  head: string;
  doc: string;
  text: string;
  file: string | null;
  line: number;
  entry: number | null;
}

export type Page =
  | ({ view: 'items' | 'attributes' } & RowsPage)
  | ({ view: 'table' } & TablePage)
  | ({ view: 'text' } & TextPage)
  | ({ view: 'bytes' } & BytesPage)
  | ({ view: 'source' } & SourcePage);

export interface Look {
  crumbs: Crumb[];
  type: string;
  sizeBytes: number;
  shape: string | null;
  copyable: boolean;
  views: ViewName[];
  page: Page;
}

const MAX_LABEL = 400;
const MAX_PREVIEW = 1_000;
const MAX_ROWS = 500;
const MAX_TEXT = 300_000;

export function readLook(claim: unknown): Look {
  const given = fields(claim);
  const shape = given['shape'];
  return {
    crumbs: list(given['crumbs'], 300, readCrumb),
    type: text(given['type'], MAX_LABEL),
    sizeBytes: count(given['sizeBytes']),
    shape: shape === null ? null : text(shape, 100),
    copyable: flag(given['copyable']),
    views: list(given['views'], VIEWS.length, (view) => oneOf(view, ...VIEWS)),
    page: readPage(oneOf(given['view'], ...VIEWS), fields(given['page'])),
  };
}

export function readCopy(claim: unknown): string | null {
  const given = fields(claim)['text'];
  return given === null ? null : text(given, MAX_TEXT);
}

/** The Python that leads to the value, or null when a step has none. */
export function expression(crumbs: readonly Crumb[]): string | null {
  return crumbs.every(({ code }) => code) ? crumbs.map(({ label }) => label).join('') : null;
}

function readCrumb(claim: unknown): Crumb {
  const given = fields(claim);
  return {
    label: text(given['label'], MAX_LABEL),
    type: text(given['type'], MAX_LABEL),
    code: flag(given['code']),
  };
}

function readPage(view: ViewName, given: Record<string, unknown>): Page {
  if (view === 'source') return { view, ...readSource(given) };
  const place = { start: count(given['start']), total: count(given['total']) };
  switch (view) {
    case 'items':
    case 'attributes':
      return { view, ...place, rows: list(given['rows'], MAX_ROWS, readChild) };
    case 'table':
      return { view, ...place, ...readTable(given) };
    case 'text':
      return { view, ...place, text: text(given['text'], MAX_TEXT), own: flag(given['own']) };
    case 'bytes':
      return { view, ...place, hex: hexText(given['hex']) };
  }
}

function readSource(given: Record<string, unknown>): SourcePage {
  const { file, entry } = given;
  return {
    head: text(given['head'], 5_000),
    doc: text(given['doc'], MAX_TEXT),
    text: text(given['text'], MAX_TEXT),
    file: file === null ? null : text(file, 5_000),
    line: count(given['line']),
    entry: entry === null ? null : count(entry),
  };
}

function readChild(claim: unknown): ChildRow {
  const given = fields(claim);
  const [part, index] = list(given['step'], 2, (one) => one);
  return {
    label: text(given['label'], MAX_LABEL),
    type: text(given['type'], MAX_LABEL),
    preview: text(given['preview'], MAX_PREVIEW),
    unread: flag(given['unread']),
    step: [oneOf(part, 'item', 'attr'), count(index)],
  };
}

function readTable(given: Record<string, unknown>) {
  const cell = (value: unknown) => text(value, MAX_LABEL);
  const columns = list(given['columns'], 100, cell);
  return {
    columns,
    numeric: list(given['numeric'], columns.length, flag),
    opens: flag(given['opens']),
    rows: list(given['rows'], MAX_ROWS, (claim) => {
      const row = fields(claim);
      return { label: cell(row['label']), cells: list(row['cells'], columns.length, cell) };
    }),
  };
}

function hexText(claim: unknown): string {
  const found = text(claim, 20_000);
  if (!/^(?:[0-9a-f]{2})*$/.test(found)) throw new BadClaim('not bytes');
  return found;
}

function flag(claim: unknown): boolean {
  if (typeof claim !== 'boolean') throw new BadClaim('neither true nor false');
  return claim;
}
