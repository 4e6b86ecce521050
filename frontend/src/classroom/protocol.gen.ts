// Generated from playground/classrooms/protocol.py by `make protocol`. Do not edit.

export const PROTOCOL_VERSION = 3;

export const CLASS_PROTOCOL = 3;

export const MAX_TEXT = 500;

export const MAX_NAMED = 1000;

export const MAX_PAUSE_S = 3600;

export type Run = '' | 'running' | 'ok' | 'error' | 'interrupted' | 'timeout';

/** What the wall shows of a pupil. */
export interface Tile {
  id: number;
  name: string;
  session: string | null;
  here: boolean;
  run: Run;
  number: number;
  code: string;
  output: string;
  shown: string;
  error: string;
  errorLine: number;
  sameError: number;
  runs: number;
  ranAt: number | null;
  okAt: number | null;
  tryingAt: number | null;
  activeAt: number | null;
  locked: boolean;
}

/** A raised hand: who asks what, since when, about which entry, and who is on the way. */
export interface Hand {
  id: number;
  pupil: number;
  question: string;
  number: number;
  askedAt: number;
  claimedBy: string | null;
}

/** A browser at the door that says it is somebody of the roster. */
export interface Asking {
  id: number;
  name: string;
  browser: string;
}

/** Pupils whose variable has the same value; ``preview`` is how it looks. */
export interface Group {
  preview: string;
  pupils: readonly number[];
}

/** Everything, at the beginning and whenever something may have been missed. */
export interface Wall {
  type: 'wall';
  name: string;
  sameErrors: number;
  quietMinutes: number;
  now: number;
  ids: readonly number[];
  tiles: readonly Tile[];
  hands: readonly Hand[];
  asking: readonly Asking[];
  pausedUntil: number | null;
}

/** Tiles that changed. */
export interface Tiles {
  type: 'tiles';
  tiles: readonly Tile[];
}

/** All raised hands, and all who stand at the door. */
export interface Hands {
  type: 'hands';
  hands: readonly Hand[];
  asking: readonly Asking[];
  pausedUntil: number | null;
}

/** Who has which value of a variable; ``without`` have no such variable. */
export interface Values {
  type: 'values';
  variable: string;
  groups: readonly Group[];
  without: readonly number[];
}

/** What was asked for could not be done, in words for the person. */
export interface Trouble {
  type: 'trouble';
  message: string;
}

/** A message from a teacher. */
export interface Note {
  id: number;
  sender: string;
  text: string;
  at: number;
}

/** All that a pupil's page shows of the class; ``ahead`` is how many hands are before theirs. */
export interface Desk {
  type: 'desk';
  name: string;
  now: number;
  hand: Hand | null;
  ahead: number;
  notes: readonly Note[];
  pausedUntil: number | null;
}

/** Said every ten seconds: the page is still open. */
export interface Here {
  type: 'here';
}

/** Group the class by a variable. */
export interface AskValues {
  type: 'ask_values';
  variable: string;
}

/** Send a message to pupils; to all of the class when none are named. */
export interface Say {
  type: 'say';
  text: string;
  pupils: readonly number[];
}

/** Be the one who helps. */
export interface Claim {
  type: 'claim';
  hand: number;
}

/** The question is answered: the hand goes down. */
export interface Answered {
  type: 'answered';
  hand: number;
}

/** Let in who stands at the door, or send them away. */
export interface LetIn {
  type: 'let_in';
  asking: number;
  welcome: boolean;
}

/** Eyes up for so many seconds; 0 ends it. */
export interface Pause {
  type: 'pause';
  seconds: number;
}

/** Ask for help, perhaps with a question, about an entry (0: about none). */
export interface RaiseHand {
  type: 'raise_hand';
  question: string;
  number: number;
}

/** Never mind. */
export interface LowerHand {
  type: 'lower_hand';
}

/** Messages up to this one have been read. */
export interface Read {
  type: 'read';
  note: number;
}

export type FromTeacher = Here | AskValues | Say | Claim | Answered | LetIn | Pause;

export type FromPupil = Here | RaiseHand | LowerHand | Read;

export type ToWall = Wall | Tiles | Hands | Values | Trouble;

export type ToPupil = Desk | Trouble;
