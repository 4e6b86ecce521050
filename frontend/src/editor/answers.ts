/**
 * Reads what Python answers to the editor's questions (docs/runtime.md): claims of user code, newly
 * built and bounded. What makes no sense throws `BadClaim`.
 */
import { count, type Fields, fields, list, oneOf, text } from '../runtime/claims';

const MAX_ITEMS = 2_000;
const MAX_PROBLEMS = 200;
const KINDS = [
  'argument',
  'class',
  'file',
  'function',
  'key',
  'keyword',
  'module',
  'property',
  'text',
  'variable',
] as const;

export type Kind = (typeof KINDS)[number];

export interface Item {
  label: string;
  kind: Kind;
  detail?: string;
  apply?: string;
  boost: number;
}

export interface Help {
  from: number;
  to: number;
  title: string;
  doc: string;
  value: string;
}

export interface Signature {
  from: number;
  name: string;
  parameters: string[];
  /** The index of the parameter that is being written, or -1. */
  active: number;
  doc: string;
}

export interface Problem {
  from: number;
  to: number;
  level: 'error' | 'info';
  message: string;
}

export function readCompletions(answer: unknown): { from: number; items: Item[] } | null {
  if (answer === null) return null;
  const given = fields(answer);
  return { from: count(given['from']), items: list(given['items'], MAX_ITEMS, readItem) };
}

function readItem(value: unknown): Item {
  const given = fields(value);
  const { boost = 0 } = given;
  return {
    label: text(given['label'], 400),
    kind: oneOf(given['kind'], ...KINDS),
    boost: typeof boost === 'number' && Math.abs(boost) < 99 ? boost : 0,
    ...optional(given, 'detail'),
    ...optional(given, 'apply'),
  };
}

function optional(given: Fields, key: 'detail' | 'apply') {
  return given[key] === undefined ? {} : { [key]: text(given[key], 2_000) };
}

export function readHelp(answer: unknown): Help | null {
  if (answer === null) return null;
  const given = fields(answer);
  return {
    ...range(given),
    title: text(given['title'], 400),
    doc: text(given['doc'], 4_000),
    value: text(given['value'], 400),
  };
}

export function readSignature(answer: unknown): Signature | null {
  if (answer === null) return null;
  const given = fields(answer);
  const active = given['active'];
  return {
    from: count(given['from']),
    name: text(given['name'], 400),
    parameters: list(given['parameters'], 100, (one) => text(one, 400)),
    active: typeof active === 'number' && Number.isInteger(active) ? active : -1,
    doc: text(given['doc'], 1_000),
  };
}

/** The problems that lie inside a text of that length. */
export function readProblems(answer: unknown, length: number): Problem[] {
  return list(fields(answer)['problems'], MAX_PROBLEMS, (item) => {
    const given = fields(item);
    return {
      ...range(given),
      level: oneOf(given['level'], 'error', 'info'),
      message: text(given['message'], 1_000),
    };
  }).filter(({ from, to }) => from <= to && to <= length);
}

const range = (given: Fields) => ({ from: count(given['from']), to: count(given['to']) });
