/**
 * The messages between page, frame and worker.
 *
 * What goes down (page, frame, worker) is trusted. What comes up is a claim of user code: the
 * frame and the page both rebuild each message with `readUpward`, which knows a fixed list of types
 * and bounds every length, and ignore everything else.
 */
import type { CaptureLimits } from './interface';

/** The longest answer to `input()`, in UTF-16 characters. */
export const MAX_ANSWER_CHARS = 64 * 1024;

/** The longest JSON text of a reply or of a batch of outputs, in characters. */
const MAX_JSON_CHARS = 64 * 1024 * 1024;
const MAX_TEXTS = 1_000;
const MAX_BUFFERS = 20_000;
const MAX_WORDS = 4_000;

/** What Python is started from; `wheel0` and so on follow, one for each wheel. */
export type FileRole =
  'loader' | 'asm' | 'wasm' | 'stdlib' | 'lock' | 'snapshot' | `wheel${number}`;

/** Announces the files, which follow in any order. */
export interface BootPlan {
  wheels: number;
  /** Why there is no memory snapshot; null when there is one. */
  noSnapshot: string | null;
}

/** What the page may ask Python for; the names are those of `playground_runtime.bridge`. */
export type Call =
  | { name: 'execute'; number: number; source: string; path: string | null; whole: boolean }
  | { name: 'status'; source: string }
  | { name: 'variables' }
  | { name: 'capture'; limits: CaptureLimits }
  | { name: 'restore'; header: string; blobs: ArrayBuffer[] }
  | { name: 'clear'; names: string[] | null }
  | { name: 'list_files' }
  | { name: 'read_file'; path: string }
  | { name: 'write_file'; path: string; bytes: ArrayBuffer }
  | { name: 'remove_file'; path: string }
  | { name: 'ask'; question: string; json: string };

/** From the page to the frame. `cancel` is the frame's own word to the worker. */
export type Downward =
  | { type: 'boot'; plan: BootPlan }
  | { type: 'file'; role: FileRole; content: Blob }
  | { type: 'call'; id: string; call: Call }
  | { type: 'interrupt'; graceMs: number }
  | { type: 'answer'; id: string; text: string }
  | { type: 'confirm' };

export type ToWorker = Extract<Downward, { type: 'boot' | 'file' | 'call' }> | { type: 'cancel' };

export interface Start {
  kind: 'snapshot' | 'plain';
  reason?: string;
  bootMs: number;
}

/** From the worker to the frame, and from the frame to the page. */
export type Upward =
  | { type: 'booted'; start: Start }
  | { type: 'started'; id: string }
  | { type: 'reply'; id: string; json: string; buffers: ArrayBuffer[] }
  | { type: 'refusal'; id: string; json: string }
  | { type: 'outputs'; id: string; texts: string[] }
  | { type: 'input'; id: string; prompt: string; password: boolean }
  | { type: 'dead'; reason: string };

type Fields = Record<string, unknown>;

/** Rebuilds a message field by field; null when it is none of the list or out of bounds. */
export function readUpward(value: unknown): Upward | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Fields;
  switch (fields['type']) {
    case 'booted':
      return readBooted(fields['start']);
    case 'started':
      return isText(fields['id'], 64) ? { type: 'started', id: fields['id'] } : null;
    case 'reply':
      return readReply(fields);
    case 'refusal':
      return isText(fields['id'], 64) && isText(fields['json'], 64 * 1024)
        ? { type: 'refusal', id: fields['id'], json: fields['json'] }
        : null;
    case 'outputs':
      return isText(fields['id'], 64) && isList(fields['texts'], MAX_TEXTS, isJson)
        ? { type: 'outputs', id: fields['id'], texts: fields['texts'] }
        : null;
    case 'input':
      return readInput(fields);
    case 'dead':
      return isText(fields['reason'], Infinity)
        ? { type: 'dead', reason: cut(fields['reason']) }
        : null;
    default:
      return null;
  }
}

/** Shortens text for people and makes it valid Unicode. */
export function cut(text: string, length = MAX_WORDS): string {
  return text.slice(0, length).toWellFormed();
}

function readBooted(value: unknown): Upward | null {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, reason, bootMs } = value as Fields;
  if (kind !== 'snapshot' && kind !== 'plain') return null;
  if (typeof bootMs !== 'number' || !Number.isFinite(bootMs)) return null;
  const start: Start = { kind, bootMs };
  if (typeof reason === 'string') start.reason = cut(reason);
  return { type: 'booted', start };
}

function readReply({ id, json, buffers }: Fields): Upward | null {
  if (!isText(id, 64) || !isJson(json)) return null;
  return isList(buffers, MAX_BUFFERS, (item) => item instanceof ArrayBuffer)
    ? { type: 'reply', id, json, buffers }
    : null;
}

function readInput({ id, prompt, password }: Fields): Upward | null {
  if (!isText(id, 64) || typeof prompt !== 'string') return null;
  return { type: 'input', id, prompt: cut(prompt), password: password === true };
}

const isText = (value: unknown, length: number): value is string =>
  typeof value === 'string' && value.length <= length;

const isJson = (value: unknown): value is string => isText(value, MAX_JSON_CHARS);

function isList<Item>(
  value: unknown,
  length: number,
  is: (item: unknown) => item is Item,
): value is Item[] {
  return Array.isArray(value) && value.length <= length && value.every(is);
}
