/**
 * `window.playground`: the page's public interface, described in docs/page-api.md. The buttons of
 * the page call the same functions. Values are plain JSON; every call rejects with an `Error` that
 * has a `code`.
 */
import { words } from '../i18n/errors';
import {
  type Entry,
  type FileRow,
  PROTOCOL_VERSION,
  type SessionState,
  type VariableRow,
} from '../protocol.gen';
import type { RuntimeInfo } from '../runtime/interface';
import { parseCommand } from './commands/table';
import { allEntries } from './entries';
import { asPlaygroundError, forbidden, PlaygroundError } from './errors';
import { EVENT_NAMES, type Events, type SavedReport } from './events';
import { listedSnapshots } from './listing';
import type { LiveSession } from './live';
import { homePath } from './paths';
import type { ExecutionOutcome } from './run';
import type { NewSession, ShareLink, WantedLink } from './server';
import { makeSharing } from './sharing';

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
  share(wanted?: WantedLink): Promise<NewSession>;
  unshare(id: string): Promise<void>;
  links(): Promise<ShareLink[]>;
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

export type ApiEntry = Pick<
  Entry,
  'number' | 'source' | 'status' | 'executedAt' | 'durationMs' | 'kind' | 'origin' | 'pinned'
> & {
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
      guarded(() => {
        if (live.ended) throw live.ended;
        return execute(live, text(code, words.code), timeLimit(options.timeoutMs));
      }),
    interrupt: () => changing(live, () => live.supervisor.interrupt()),
    variables: () => guarded(() => live.view.state.variables.map((row) => ({ ...row }))),
    saved: () => guarded(() => live.status.saved()),
    snapshots: () => guarded(() => listed(live.view.state)),
    restore: (number) =>
      changing(live, () => live.changes.restore(whole(number, words.entryNumber))),
    fork: (number) => guarded(() => fork(live, number)),
    ...makeSharing(live),
    reset: () => changing(live, () => live.changes.reset()),
    clear: (names) => changing(live, () => live.changes.clear(variableNames(names))),
    files: makeFiles(live),
    diagnostics: () => ({
      protocol: PROTOCOL_VERSION,
      online: live.view.online,
      isRunner: live.view.isRunner,
      runtime: live.runtimeInfo && structuredClone(live.runtimeInfo),
    }),
    entries: async () =>
      (await guarded(() => allEntries(live))).filter(({ deleted }) => !deleted).map(plainEntry),
    on: (event, callback) => {
      if (!EVENT_NAMES.includes(event) || typeof callback !== 'function')
        throw new PlaygroundError('invalid', words.events(EVENT_NAMES));
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

function plainEntry(entry: Entry): ApiEntry {
  const { number, source, status, executedAt, durationMs, kind, origin, pinned } = entry;
  const outputs = structuredClone(entry.outputs);
  return { number, source, status, outputs, executedAt, durationMs, kind, origin, pinned };
}

/** The newest snapshot of each entry that can be gone back to. */
function listed(state: SessionState) {
  return listedSnapshots(state).map(({ number, bytes, createdAt, label }) => ({
    number,
    bytes,
    createdAt,
    ...(label === null ? {} : { label }),
  }));
}

/** Runs code, or a session command; commands that look need no right to run. */
async function execute(live: LiveSession, code: string, timeoutMs: number | undefined) {
  const parsed = parseCommand(code);
  if (parsed && (!live.mayRun || live.follows)) {
    const answer = await live.commands.answer(parsed);
    if (answer) return answer;
  }
  if (!live.mayRun) throw forbidden();
  if (parsed) return live.commands.execute(code, parsed, timeoutMs);
  return live.supervisor.execute(code, timeoutMs);
}

async function fork(live: LiveSession, number: number | undefined): Promise<NewSession> {
  if (live.ended) throw live.ended;
  if (!live.view.forks) throw new PlaygroundError('forbidden', words.noCopy);
  const wanted = number === undefined ? undefined : whole(number, words.entryNumber);
  if (!live.view.online) throw new PlaygroundError('offline', words.offline);
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
export function changing<Value>(live: LiveSession, work: () => Promise<Value>): Promise<Value> {
  return guarded(() => {
    if (live.ended) throw live.ended;
    if (!live.mayRun) throw forbidden();
    return work();
  });
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new PlaygroundError('invalid', words.isText(what));
  return value;
}

function whole(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new PlaygroundError('invalid', words.isWhole(what));
  return value;
}

function timeLimit(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !(value > 0) || value > 2 ** 31 - 1)
    throw new PlaygroundError('invalid', words.timeout);
  return value;
}

function variableNames(names: unknown): string[] | null {
  if (names === undefined || names === null) return null;
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string'))
    throw new PlaygroundError('invalid', words.names);
  return names as string[];
}

function newSession({ title, runtime }: { title?: string; runtime?: string }) {
  return {
    ...(title === undefined ? {} : { title: text(title, words.title) }),
    ...(runtime === undefined ? {} : { runtime: text(runtime, words.runtime) }),
  };
}

function bytesOf(content: unknown): ArrayBuffer {
  if (typeof content === 'string') return new TextEncoder().encode(content.toWellFormed()).buffer;
  if (content instanceof ArrayBuffer) return content.slice(0);
  if (ArrayBuffer.isView(content)) {
    const { buffer, byteOffset, byteLength } = content;
    return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
  }
  throw new PlaygroundError('invalid', words.content);
}
