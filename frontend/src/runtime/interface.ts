/**
 * The one interface by which a page knows a runtime, whatever its language.
 *
 * The runtime only runs: queueing, time limits, respawning and saving belong to the supervisor
 * (`session/supervisor.ts`). Everything that crosses this interface from the runtime's side comes
 * out of an isolated frame and has been validated and bounded by `runtime.ts`.
 */
import type { FileRow, Output, Unsaved } from '../protocol.gen';

export interface RuntimeInfo {
  /** The language, e.g. `python`. */
  name: string;
  /** Its version, e.g. `3.14.2`. */
  version: string;
  /** Hash of the distribution that was booted; snapshots carry it. */
  hash: string;
  /** Whether it started from a memory snapshot, and if not, why not. */
  start: { kind: 'snapshot' | 'plain'; reason?: string; bootMs: number };
}

/** A boot step in words, for the page to show while it waits. */
export type BootProgress = (text: string) => void;

export type Completeness = 'complete' | 'incomplete' | 'invalid';

export interface InputRequest {
  prompt: string;
  password: boolean;
  /** Answers `input()`; later calls do nothing. */
  reply(text: string): void;
}

export interface ExecuteOptions {
  /** The entry's number: the source is named `<entry-N>` in tracebacks and bound to `_N`. */
  number: number;
  /** Run it also when it is only the beginning of an entry, which then is an error. */
  whole?: boolean;
  /** The source is a whole entry and runs from now on. */
  onStart(): void;
  /** The file that is run, as tracebacks shall name it in the place of `<entry-N>`. */
  path?: string | null;
  onOutput(outputs: Output[]): void;
  onInput(request: InputRequest): void;
}

export interface ExecuteOutcome {
  /** `incomplete`: the source is only the beginning of an entry; nothing has happened. */
  status: 'ok' | 'error' | 'interrupted' | 'incomplete';
  durationMs: number;
}

/** A variable as the runtime sees it; `saved` follows from the capture taken with it. */
export interface RuntimeVariable {
  name: string;
  type: string;
  sizeBytes: number;
  preview: string;
  /** How many elements it has: `1000`, or `3×4` with several axes. */
  shape: string | null;
  /** What of it is not kept although it is saved; only captures have it. */
  remark: string | null;
  /** A digest of the value with all that it leads to; only captures have it. */
  content: string | null;
  /** Where a function or class was defined: the entry, and a line of it from 1. */
  entry: number | null;
  line: number | null;
}

/**
 * One instant of the namespace and the home folder.
 *
 * A blob is named by a number that this runtime gave it; bytes come only for blobs that it has not
 * handed over before, so an unchanged unit or file costs nothing. `restore` tells the runtime
 * which numbers it may use again.
 */
export interface Capture {
  units: { names: string[]; blob: number; size: number }[];
  files: { path: string; blob: number; size: number; modifiedAt: number }[];
  directories: string[];
  unsaved: (Unsaved & { missing: boolean })[];
  variables: RuntimeVariable[];
  blobs: Map<number, ArrayBuffer>;
  /** What the capture cost in the runtime's thread, ms. */
  captureMs: number;
}

/** What `restore` takes: a manifest's content with the bytes of every blob it names. */
export interface RestoreRequest {
  units: { names: string[]; blob: number }[];
  files: { path: string; blob: number; modifiedAt: number }[];
  directories: string[];
  blobs: Map<number, ArrayBuffer>;
}

export interface RestoreReport {
  restored: string[];
  failed: Unsaved[];
  variables: RuntimeVariable[];
}

export class RuntimeError extends Error {
  constructor(
    /** `dead`: the worker is gone; `invalid`, `not-found`, `too-large`: the request was refused. */
    readonly code: 'dead' | 'invalid' | 'not-found' | 'too-large' | 'busy',
    message: string,
  ) {
    super(message);
  }
}

export interface CaptureLimits {
  /** Bytes of one variable, serialized. */
  variableBytes: number;
  /** Bytes of one file. */
  fileBytes: number;
  /** Bytes of the whole capture. */
  totalBytes: number;
}

/** Calls other than `interrupt` and `dispose` must not be made while an execution runs. */
export interface Runtime {
  /** Resolves when it can execute; rejects with a `RuntimeError` when it cannot start. */
  readonly ready: Promise<RuntimeInfo>;
  /** Rejects with code `dead` when the worker dies or is killed in the middle. */
  execute(source: string, options: ExecuteOptions): Promise<ExecuteOutcome>;
  /** Whether `source` is a whole entry. May be asked while idle only. */
  status(source: string): Promise<Completeness>;
  /**
   * Asks the running code to stop (KeyboardInterrupt). Resolves `stopped` when it did, `killed`
   * when it did not within the grace time (3 s) and the worker was ended.
   */
  interrupt(): Promise<'stopped' | 'killed' | 'idle'>;
  variables(): Promise<RuntimeVariable[]>;
  snapshot(limits: CaptureLimits): Promise<Capture>;
  /** Replaces namespace and home folder by the snapshot's. What fails is left out by name. */
  restore(request: RestoreRequest): Promise<RestoreReport>;
  /** Deletes the named variables, or all. */
  clear(names: string[] | null): Promise<void>;
  listFiles(): Promise<FileRow[]>;
  /** Paths are relative to the home folder, with `/`, without `.` or `..` parts. */
  readFile(path: string): Promise<ArrayBuffer>;
  writeFile(path: string, bytes: ArrayBuffer): Promise<void>;
  removeFile(path: string): Promise<void>;
  /**
   * Asks about the values and code of the session; docs/runtime.md lists the questions. The answer
   * is bounded (1 MB) and of any shape: a claim that the asker reads with `claims.ts`.
   */
  ask(question: string, args: unknown): Promise<unknown>;
  /** Called once when the worker is gone without being asked to (fatal error, flood, kill). */
  onDead(callback: (reason: string) => void): void;
  /** Ends the worker and removes the frame. */
  dispose(): void;
}

/** Makes a runtime in its own isolated frame, appended to `parent`; nobody sees it. */
export type CreateRuntime = (parent: HTMLElement, progress: BootProgress) => Runtime;
