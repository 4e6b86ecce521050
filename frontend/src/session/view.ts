/**
 * What the components of a session page read. They never write it: they call `window.playground`
 * (`session/api.ts`) or the few `ViewActions` that have no place in a public API.
 */
import type {
  BlobRef,
  Entry,
  Manifest,
  Person,
  Role,
  SessionState,
  Unsaved,
} from '../protocol.gen';
import type { RemakeEntry, RemakePlan } from './remakePlan';

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
  /** What is left out, by name, with the reasons. */
  unsaved?: readonly Unsaved[];
}

/** Asked before a command that was typed takes something away. */
export interface QuestionView {
  title: string;
  text: string;
  action: string;
  answer(yes: boolean): void;
}

/** Shown: which entries make variables again that could not be saved; null for all of them. */
export interface RemakingView {
  names: readonly string[] | null;
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

/** Why nothing of the session can be shown or saved here any more. */
export type EndedReason = 'protocol' | 'forbidden' | 'binned' | 'signed-out' | 'gone';

export interface Notice {
  id: number;
  level: 'info' | 'warning' | 'error';
  text: string;
  /** Details line by line, e.g. each variable that was not recovered. */
  details?: string[];
  action?: { label: string; run(): void };
  /** What it is about: a later notice about the same takes its place. */
  topic?: 'restored' | 'remade';
}

/** Reactive: an object of runes; replaced values, never mutated ones. */
export interface SessionView {
  readonly state: SessionState;
  readonly name: string;
  readonly role: Role;
  /** Whether this person may make a session of their own from this one, with its values. */
  readonly forks: boolean;
  /** The name of the session's owner. */
  readonly owner: string;
  readonly ended: EndedReason | null;
  readonly runtime: RuntimeView;
  readonly saving: SavingView;
  readonly running: RunningView | null;
  readonly queue: readonly QueuedView[];
  readonly input: InputView | null;
  readonly question: QuestionView | null;
  readonly remaking: RemakingView | null;
  readonly notices: readonly Notice[];
  readonly people: readonly Person[];
  /** Whether this tab is the runner; if not, `runner` of the state says who is. */
  readonly isRunner: boolean;
  readonly online: boolean;
}

export interface RunWish {
  /** The entry that this runs again. */
  origin?: number | null;
  /** Run it even if it is only the beginning of an entry, to see its error. */
  whole?: boolean;
}

export interface ViewActions {
  /**
   * Runs the text of the input box; resolves true when it was taken (false: incomplete). A command
   * that takes something away asks first.
   */
  submit(source: string, wish?: RunWish): Promise<boolean>;
  /** Runs a session command like `:clear x`, as if it were typed: for the palette and buttons. */
  runCommand(source: string): Promise<void>;
  /** Deletes entries for good; `undo` gives them back. Rejects with words for the person. */
  deleteEntries(numbers: readonly number[]): Promise<void>;
  /** Gives entries back that were deleted here, as they were. */
  giveBack(entries: readonly Entry[]): Promise<void>;
  pin(number: number, pinned: boolean): void;
  label(snapshot: string, label: string | null): void;
  /** Takes the last step back, or brings it back; resolves with what it was, in words. */
  undo(): Promise<string>;
  redo(): Promise<string>;
  /** Shows or hides the dialog in which variables are made again. */
  offerRemake(names: readonly string[] | null): void;
  closeRemake(): void;
  /** The entries that make variables again, to be shown before any of them runs. */
  planRemake(names: readonly string[] | null): Promise<RemakePlan>;
  /** Runs entries of a plan again; rejects with words when one does not end well. */
  remake(entries: readonly RemakeEntry[]): Promise<void>;
  /** Whether a variable is made again by itself after loading. */
  setRemake(name: string, always: boolean): void;
  dismiss(notice: number): void;
  /** Asks for the lease without running anything ("Run here"). */
  takeOver(): Promise<void>;
  loadEarlier(): Promise<void>;
  /** Gives the session another title; rejects when it cannot be one. */
  setTitle(title: string): Promise<void>;
  renameLink(link: string, name: string): Promise<void>;
  /** Asks this tab's runtime a question while it is idle; rejects while it is busy or not here. */
  ask(question: string, args: unknown): Promise<unknown>;
  /**
   * Gives a variable another name, and saves that. Rejects with words for the person.
   */
  rename(name: string, to: string): Promise<void>;
  /** What a saved state holds, to look at it without going there. */
  lookAt(snapshot: string): Promise<Manifest>;
  /** The bytes of a file of a saved state. */
  content(blob: BlobRef): Promise<ArrayBuffer>;
  /** All entries, also those that the page has not loaded. */
  allEntries(): Promise<readonly Entry[]>;
  /**
   * Moves the head to a snapshot by its id: undoes a clear or a reset, whose earlier state may be
   * one that no entry's number names.
   */
  restoreSnapshot(id: string): Promise<void>;
}
