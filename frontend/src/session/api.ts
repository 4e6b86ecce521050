/**
 * `window.playground`: the page's public interface, described in docs/page-api.md. The buttons of
 * the page call the same functions. Values are plain JSON; every call rejects with an `Error` that
 * has a `code`.
 */
import {
  type Entry,
  type FileRow,
  PROTOCOL_VERSION,
  type SessionState,
  type VariableRow,
} from '../protocol.gen';
import type { RuntimeInfo } from '../runtime/interface';
import { asPlaygroundError, PlaygroundError } from './errors';
import { EVENT_NAMES, type Events, type SavedReport } from './events';
import { forbidden, type LiveSession } from './live';
import { homePath } from './paths';
import type { ExecutionOutcome } from './run';
import type { NewSession } from './server';

/** Earlier entries kept in the page's memory at most; older ones are read page by page. */
const MAX_PAGES = 1_000;

export interface PlaygroundApi {
  readonly session: { id: string; url: string; title: string; role: string; runtime: string };
  readonly ready: Promise<void>;
  create(options?: { title?: string; runtime?: string }): Promise<NewSession>;
  execute(code: string, options?: { timeoutMs?: number }): Promise<ExecutionOutcome>;
  interrupt(): Promise<void>;
  variables(): Promise<VariableRow[]>;
  saved(): Promise<SavedReport>;
  snapshots(): Promise<{ number: number; bytes: number; createdAt: number; label?: string }[]>;
  restore(number: number): Promise<void>;
  fork(number?: number): Promise<NewSession>;
  reset(): Promise<void>;
  clear(names?: string[]): Promise<void>;
  readonly files: FilesApi;
  entries(): Promise<ApiEntry[]>;
  diagnostics(): Diagnostics;
  on<Name extends keyof Events>(event: Name, callback: (event: Events[Name]) => void): () => void;
}

/** What a report of a fault should hold; nothing of the session's content. */
export interface Diagnostics {
  protocol: number;
  online: boolean;
  isRunner: boolean;
  /** The Python of this tab: its version and build, how it started and in how many ms. */
  runtime: RuntimeInfo | null;
}

export interface FilesApi {
  list(): Promise<FileRow[]>;
  read(path: string, options: { as: 'text' }): Promise<string>;
  read(path: string, options?: { as: 'bytes' }): Promise<Uint8Array>;
  write(path: string, content: string | ArrayBuffer | Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}

export type ApiEntry = Pick<Entry, 'number' | 'source' | 'status' | 'executedAt' | 'durationMs'> & {
  outputs: Entry['outputs'];
};

/** Makes the interface of a session that was opened. */
export function makeApi(live: LiveSession): PlaygroundApi {
  const api: PlaygroundApi = {
    get session() {
      const { id, title } = live.view.state;
      const url = new URL(`/s/${id}`, location.href).href;
      return { id, url, title, role: live.view.role, runtime: 'python' };
    },
    ready: live.ready,
    create: (options = {}) => guarded(() => live.server.create(newSession(options))),
    execute: (code, options = {}) =>
      changing(live, () => {
        const timeoutMs = timeLimit(options.timeoutMs);
        return live.supervisor.execute(text(code, 'The code'), timeoutMs);
      }),
    interrupt: () => changing(live, () => live.supervisor.interrupt()),
    variables: () => guarded(() => live.view.state.variables.map((row) => ({ ...row }))),
    saved: () => guarded(() => live.status.saved()),
    snapshots: () => guarded(() => listed(live.view.state)),
    restore: (number) =>
      changing(live, () => live.changes.restore(whole(number, 'An entry number'))),
    fork: (number) => changing(live, () => fork(live, number)),
    reset: () => changing(live, () => live.changes.reset()),
    clear: (names) => changing(live, () => live.changes.clear(variableNames(names))),
    files: makeFiles(live),
    diagnostics: () => ({
      protocol: PROTOCOL_VERSION,
      online: live.view.online,
      isRunner: live.view.isRunner,
      runtime: live.runtimeInfo && structuredClone(live.runtimeInfo),
    }),
    entries: async () => (await guarded(() => loadAll(live))).map(plainEntry),
    on: (event, callback) => {
      if (!EVENT_NAMES.includes(event) || typeof callback !== 'function')
        throw new PlaygroundError('invalid', `The events are: ${EVENT_NAMES.join(', ')}.`);
      return live.events.on(event, callback);
    },
  };
  return Object.freeze(api);
}

function makeFiles(live: LiveSession): FilesApi {
  const read = (path: string, options: { as?: 'text' | 'bytes' } = {}) =>
    guarded(async () => {
      if (options.as !== undefined && options.as !== 'text' && options.as !== 'bytes')
        throw new PlaygroundError('invalid', 'A file is read as "text" or as "bytes".');
      const bytes = await live.changes.readFile(homePath(path));
      return options.as === 'text' ? new TextDecoder().decode(bytes) : new Uint8Array(bytes);
    });
  return Object.freeze({
    list: () => guarded(() => live.view.state.files.map((row) => ({ ...row }))),
    read: read as FilesApi['read'],
    write: (path, content) =>
      changing(live, () => live.changes.writeFile(homePath(path), bytesOf(content))),
    remove: (path) => changing(live, () => live.changes.removeFile(homePath(path))),
  } satisfies FilesApi);
}

/** Loads a page of earlier entries into the view; false when all are there. */
export async function loadEarlier(live: LiveSession): Promise<boolean> {
  const from = live.store.confirmed.entriesFrom;
  if (from <= 1) return false;
  const earlier = await live.server.earlierEntries(from);
  live.store.prepend(earlier);
  return live.store.confirmed.entriesFrom < from;
}

async function loadAll(live: LiveSession): Promise<readonly Entry[]> {
  let all: readonly Entry[] = live.view.state.entries;
  let from = live.view.state.entriesFrom;
  for (let page = 0; from > 1 && page < MAX_PAGES; page += 1) {
    const earlier = await live.server.earlierEntries(from);
    const first = earlier[0];
    if (!first || first.number >= from) break;
    all = [...earlier, ...all];
    from = first.number;
  }
  return all;
}

function plainEntry({ number, source, status, outputs, executedAt, durationMs }: Entry): ApiEntry {
  return { number, source, status, outputs: structuredClone(outputs), executedAt, durationMs };
}

/** The newest snapshot of each entry that can be gone back to. */
function listed(state: SessionState) {
  const newest = new Map(
    state.snapshots
      .filter(({ cause }) => cause === 'execution')
      .map(({ number, bytes, createdAt, label }) => [
        number,
        { number, bytes, createdAt, ...(label === null ? {} : { label }) },
      ]),
  );
  return [...newest.values()].sort((a, b) => a.number - b.number);
}

async function fork(live: LiveSession, number: number | undefined): Promise<NewSession> {
  const wanted = number === undefined ? undefined : whole(number, 'An entry number');
  if (!live.view.online) throw new PlaygroundError('offline', 'The server cannot be reached.');
  await live.status.saved();
  return live.server.fork(wanted);
}

async function guarded<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw asPlaygroundError(error);
  }
}

/** A call that changes the session: not for viewers, not when the session is gone. */
function changing<Value>(live: LiveSession, work: () => Promise<Value>): Promise<Value> {
  return guarded(() => {
    if (live.ended) throw live.ended;
    if (!live.mayRun) throw forbidden();
    return work();
  });
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new PlaygroundError('invalid', `${what} is a text.`);
  return value;
}

function whole(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new PlaygroundError('invalid', `${what} is a whole number.`);
  return value;
}

function timeLimit(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !(value > 0) || value > 2 ** 31 - 1)
    throw new PlaygroundError('invalid', 'timeoutMs is a number of milliseconds above 0.');
  return value;
}

function variableNames(names: unknown): string[] | null {
  if (names === undefined || names === null) return null;
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string'))
    throw new PlaygroundError('invalid', 'clear() takes a list of names.');
  return names as string[];
}

function newSession({ title, runtime }: { title?: string; runtime?: string }) {
  return {
    ...(title === undefined ? {} : { title: text(title, 'A title') }),
    ...(runtime === undefined ? {} : { runtime: text(runtime, 'A runtime') }),
  };
}

function bytesOf(content: unknown): ArrayBuffer {
  if (typeof content === 'string') return new TextEncoder().encode(content.toWellFormed()).buffer;
  if (content instanceof ArrayBuffer) return content.slice(0);
  if (ArrayBuffer.isView(content)) {
    const { buffer, byteOffset, byteLength } = content;
    return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
  }
  throw new PlaygroundError('invalid', 'A file is written as a text or as bytes.');
}
