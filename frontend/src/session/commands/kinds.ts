/** What a command is, and what it may use when it runs. */
import type { BlobRef, Cause, Entry, Manifest, SessionState } from '../../protocol.gen';
import type { ExecuteOptions, ExecuteOutcome, Runtime } from '../../runtime/interface';
import type { Changes } from '../changes';
import type { Deletions } from '../deletions';
import type { Remaking } from '../remaking';
import type { Steps } from '../steps';

/** Enough for a command that looks: no runtime, no lease. */
export interface Reading {
  state(): SessionState;
  /** All entries, also those that the page has not loaded yet. */
  entries(): Promise<readonly Entry[]>;
  /** Resolves when the head contains what happened so far. */
  settled(): Promise<void>;
  /** What a saved state holds; rejects for who may not read earlier values. */
  lookAt(snapshot: string): Promise<Manifest>;
  /** The bytes of a file of a saved state, for the same people. */
  content(blob: BlobRef): Promise<ArrayBuffer>;
}

/** In its turn of the lane, as an entry that runs. */
export interface Acting extends Reading {
  runtime: Runtime;
  options: ExecuteOptions;
  changes: Changes;
  steps: Steps;
  deletions: Deletions;
  remaking: Remaking;
  /** Waits until the head is on the server; false when the network is down. */
  headSaved(): Promise<boolean>;
  label(snapshot: string, label: string): void;
}

export interface Question {
  title: string;
  text: string;
  action: string;
}

/** In the place of a question: the dialog that shows which entries make variables again. */
export interface Offer {
  remake: readonly string[];
}

interface Described {
  readonly name: string;
  /** What follows the name, as `:help` writes it. */
  readonly args: string;
  /** One sentence. */
  readonly help: string;
  /** Whether it takes something away, so that the page asks before it runs what was typed. */
  readonly asks?: (args: string) => Question | Offer;
}

/** Looks and changes nothing: whoever may read the session may use it. */
export interface ReadingCommand extends Described {
  readonly kind: 'read';
  run(at: Reading, args: string): Promise<string> | string;
}

/** Changes something; `save` says what its snapshot is of, if it makes one. */
export interface ActingCommand extends Described {
  readonly kind: 'act';
  readonly save: Cause | null;
  /** A text is its answer; an outcome says that the answer was shown already. */
  run(at: Acting, args: string): Promise<string | ExecuteOutcome>;
}

/** Runs a file: an entry of kind `file` with the file's text. */
export interface FileCommand extends Described {
  readonly kind: 'file';
  path(args: string): string;
}

export type Command = ReadingCommand | ActingCommand | FileCommand;

/** A command cannot do what it was asked: shown as its error output. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
