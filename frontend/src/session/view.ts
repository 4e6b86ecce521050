/**
 * What the components of a session page read. They never write it: they call `window.playground`
 * (`session/api.ts`) or the few `ViewActions` that have no place in a public API.
 */
import type { Person, Role, SessionState } from '../protocol.gen';

export type RuntimePhase =
  | 'off' // a follower: no runtime here
  | 'loading' // Python is starting
  | 'restoring' // values are being loaded
  | 'ready'
  | 'running'
  | 'stopping' // Stop was pressed, the code has not ended yet
  | 'failed'; // could not start: `text` says why

export interface RuntimeView {
  phase: RuntimePhase;
  /** One sentence for the person, e.g. `Starting Python…`. */
  text: string;
}

export type SavingKind = 'saved' | 'saving' | 'offline' | 'incomplete' | 'refused';

export interface SavingView {
  /** `incomplete`: saved, but some variables cannot be; `refused`: the server said no for good. */
  kind: SavingKind;
  /** Short, true words for the header: `Saved`, `Saving…`, `Offline: kept in this browser`. */
  text: string;
}

export interface RunningView {
  number: number;
  /** `performance.now()` at the start. */
  since: number;
}

export interface QueuedView {
  id: number;
  source: string;
}

export interface InputView {
  number: number;
  prompt: string;
  password: boolean;
  reply(text: string): void;
}

export interface Notice {
  id: number;
  level: 'info' | 'warning' | 'error';
  text: string;
  /** Details line by line, e.g. each variable that was not recovered. */
  details?: string[];
  action?: { label: string; run(): void };
}

/** Reactive: an object of runes; replaced values, never mutated ones. */
export interface SessionView {
  readonly state: SessionState;
  readonly name: string;
  readonly role: Role;
  readonly runtime: RuntimeView;
  readonly saving: SavingView;
  readonly running: RunningView | null;
  readonly queue: readonly QueuedView[];
  readonly input: InputView | null;
  readonly notices: readonly Notice[];
  readonly people: readonly Person[];
  /** Whether this tab is the runner; if not, `runner` of the state says who is. */
  readonly isRunner: boolean;
  readonly online: boolean;
}

export interface ViewActions {
  /** Runs the text of the input box; resolves true when it was taken (false: incomplete). */
  submit(source: string): Promise<boolean>;
  dismiss(notice: number): void;
  /** Asks for the lease without running anything ("Run here"). */
  takeOver(): Promise<void>;
  loadEarlier(): Promise<void>;
  /**
   * Moves the head to a snapshot by its id: undoes a clear or a reset, whose earlier state may be
   * one that no entry's number names.
   */
  restoreSnapshot(id: string): Promise<void>;
}
