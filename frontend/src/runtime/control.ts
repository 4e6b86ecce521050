/**
 * The shared memory between the frame and its worker.
 *
 * While Python runs, the worker cannot receive messages; these few words reach it all the same.
 * The worker waits on `WAKE`, which changes whenever there is something to look at. The page never
 * sees this memory: it cannot be sent out of an opaque origin.
 */
import { MAX_ANSWER_CHARS } from './messages';

/** 2 (SIGINT) while the running code is asked to stop. */
const INTERRUPT = 0;
/** Changes with every call of `wake`. */
const WAKE = 1;
/** Output sent and not yet confirmed by the page. */
const UNCONFIRMED = 2;
/** Length of the answer to `input()`, or `NO_ANSWER`. */
const ANSWER = 3;

/** When the present deadline is over, as `stamp` writes it, or `NO_DEADLINE` or `FIRED`. */
const DEADLINE = 4;

const NO_ANSWER = -1;
const NO_DEADLINE = -1;
const FIRED = -2;
const SIGINT = 2;

/** Output in characters that may be under way before Python waits for the page. */
const MAX_UNCONFIRMED = 1024 * 1024;

/** Milliseconds of the clock that fit into a word; they begin anew every twelve days. */
const CLOCK = 0x3fff_ffff;

const stamp = (ms: number): number => Math.ceil(Date.now() + ms) & CLOCK;

const isPast = (due: number): boolean => ((Date.now() - due) & CLOCK) < CLOCK / 2;

export interface SharedMemory {
  words: SharedArrayBuffer;
  answer: SharedArrayBuffer;
}

export function allocate(): SharedMemory {
  return {
    words: new SharedArrayBuffer(5 * Int32Array.BYTES_PER_ELEMENT),
    answer: new SharedArrayBuffer(MAX_ANSWER_CHARS * Uint16Array.BYTES_PER_ELEMENT),
  };
}

/** Both sides' view of the memory. */
export class Control {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #answer: Uint16Array<SharedArrayBuffer>;

  constructor(memory: SharedMemory) {
    this.#words = new Int32Array(memory.words);
    this.#words[DEADLINE] = NO_DEADLINE;
    this.#answer = new Uint16Array(memory.answer);
  }

  /** What Pyodide polls for signals: its first word is the interrupt. */
  get signals(): { 0: number } {
    return this.#words as unknown as { 0: number };
  }

  get interrupted(): boolean {
    return Atomics.load(this.#words, INTERRUPT) === SIGINT;
  }

  interrupt(): void {
    Atomics.store(this.#words, INTERRUPT, SIGINT);
    this.#wake();
  }

  clearInterrupt(): void {
    Atomics.store(this.#words, INTERRUPT, 0);
  }

  /** From now on the code has `ms` before the frame interrupts it; 0 ends the deadline. */
  setDeadline(ms: number): void {
    const before = Atomics.exchange(this.#words, DEADLINE, ms > 0 ? stamp(ms) : NO_DEADLINE);
    if (before !== FIRED) return;
    // The frame is between firing and interrupting, or has done both: what is late hits nobody.
    const mark = this.mark;
    if (!this.interrupted) this.wait(mark, 1);
    this.clearInterrupt();
  }

  /** Interrupts the worker if its deadline is over. For the frame, which has a clock meanwhile. */
  enforceDeadline(): void {
    const due = Atomics.load(this.#words, DEADLINE);
    if (due < 0 || !isPast(due)) return;
    if (Atomics.compareExchange(this.#words, DEADLINE, due, FIRED) === due) this.interrupt();
  }

  /** Counts output that is being sent. */
  charge(amount: number): void {
    Atomics.add(this.#words, UNCONFIRMED, amount);
  }

  get mustWait(): boolean {
    return Atomics.load(this.#words, UNCONFIRMED) > MAX_UNCONFIRMED;
  }

  /** The page has taken all output. Sets to 0: subtracting what a worker claims could go wrong. */
  confirmOutput(): void {
    Atomics.store(this.#words, UNCONFIRMED, 0);
    this.#wake();
  }

  expectAnswer(): void {
    Atomics.store(this.#words, ANSWER, NO_ANSWER);
  }

  putAnswer(text: string): void {
    const length = Math.min(text.length, MAX_ANSWER_CHARS);
    for (let i = 0; i < length; i += 1) this.#answer[i] = text.charCodeAt(i);
    Atomics.store(this.#words, ANSWER, length);
    this.#wake();
  }

  /** The answer, or null while there is none. */
  takeAnswer(): string | null {
    const length = Atomics.load(this.#words, ANSWER);
    if (length === NO_ANSWER) return null;
    let text = '';
    for (let start = 0; start < length; start += 4096)
      text += String.fromCharCode(...this.#answer.subarray(start, Math.min(start + 4096, length)));
    return text;
  }

  /** A mark to wait from: a wake-up after it is not missed. */
  get mark(): number {
    return Atomics.load(this.#words, WAKE);
  }

  /** Blocks the worker until something has changed since `mark`, at most `ms`. */
  wait(mark: number, ms: number): void {
    Atomics.wait(this.#words, WAKE, mark, ms);
  }

  #wake(): void {
    Atomics.add(this.#words, WAKE, 1);
    Atomics.notify(this.#words, WAKE);
  }
}
