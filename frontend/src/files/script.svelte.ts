/**
 * A text file that is open for editing: what the person has typed, what the file holds, and how
 * the one becomes the other without losing either.
 *
 * Each change is kept in this browser within a moment, written to the file after a second of quiet,
 * and called saved when the server has it. When the file was changed by somebody else, an editor
 * without unsent changes follows; with unsent changes the person chooses.
 */
import { words } from '../i18n/files';
import { fingerprint, type Kept, type KeptTexts } from './kept';
import { lineEnd, plain, withLineEnd } from './text';

export const QUIET_MS = 1_000;

/** How long a key waits to be kept: keeping in its own turn would delay its picture. */
const KEEP_MS = 100;
/** A text longer than this waits longer, for keeping it takes longer. */
const LONG_CHARS = 200_000;
const KEEP_LONG_MS = 400;

export type ScriptStatus =
  | 'saved'
  | 'unsaved'
  | 'saving' // is being written, or waits for its turn
  | 'sending' // is in the file, the server has not confirmed it
  | 'failed'
  | 'conflict' // the file holds something else by now
  | 'gone'; // the file is not there any more

export interface ScriptPorts {
  /** What the file holds now; null when there is no such file. */
  load(path: string): Promise<string | null>;
  /** Writes the file unless it holds something else than `expected`; gives what it holds. */
  save(path: string, text: string, expected: string | null): Promise<string | null>;
  /** Resolves when the server has all that was written before. */
  saved(): Promise<unknown>;
  kept: Pick<KeptTexts, 'keep' | 'drop'>;
  readonly: boolean;
}

export class Script {
  path = $state.raw('');
  text = $state.raw('');
  /** What the file holds, as far as this page knows; null for no file. */
  onDisk = $state.raw<string | null>(null);
  /** Whether what was typed and not saved is kept in this browser. */
  kept = $state.raw(true);
  trouble = $state.raw('');
  /** What the file holds instead of what was expected, for the person to choose. */
  theirs = $state.raw<{ text: string | null } | null>(null);
  #busy = $state.raw(false);
  #sending = $state.raw(0);
  #writing: Promise<void> | null = null;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  /** What the kept text began with, which may still be on its way to the server. */
  #base: string | null = null;
  #looking = false;
  #lookAgain = false;
  #closed = false;

  constructor(
    path: string,
    content: string | null,
    private readonly ports: ScriptPorts,
    left?: Kept,
  ) {
    this.path = path;
    this.onDisk = content;
    this.text = plain(content ?? '');
    if (left) this.#takeUp(left);
  }

  get readonly(): boolean {
    return this.ports.readonly;
  }

  readonly #plainDisk = $derived(this.onDisk === null ? null : plain(this.onDisk));
  readonly #print = $derived(fingerprint(this.onDisk));
  readonly #dirty = $derived(this.text !== this.#plainDisk);

  get dirty(): boolean {
    return this.#dirty;
  }

  get status(): ScriptStatus {
    if (this.theirs) return this.theirs.text === null ? 'gone' : 'conflict';
    if (this.trouble) return 'failed';
    if (this.#busy) return 'saving';
    if (this.#dirty) return 'unsaved';
    return this.#sending ? 'sending' : 'saved';
  }

  edit(text: string): void {
    if (this.readonly || text === this.text) return;
    this.text = text;
    this.trouble = '';
    this.#keepSoon();
    this.#writeSoon();
  }

  /** Puts everything typed into the file now. Rejects when that cannot be done. */
  async flush(): Promise<void> {
    // The first may be a write that began before the last key.
    for (let round = 0; round < 2 && this.#dirty && !this.theirs; round += 1) await this.#write();
    if (this.theirs) throw new Error(words.decideFirst(this.path));
    if (this.#dirty && this.trouble) throw new Error(this.trouble);
  }

  /** Keeps at once what was to be kept in a moment. */
  keepNow(): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    if (this.readonly || !this.#dirty) return;
    this.kept = this.ports.kept.keep(this.path, this.text, this.#print);
  }

  /** The file may hold something else by now. */
  async look(): Promise<void> {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#lookAgain && !this.#closed) {
        this.#lookAgain = false;
        await this.#writing;
        const before = this.onDisk;
        const now = await this.ports.load(this.path);
        if (this.#writing || this.onDisk !== before) this.#lookAgain = true;
        else this.#meet(now);
      }
    } finally {
      this.#looking = false;
    }
  }

  keepMine(): void {
    if (!this.theirs) return;
    this.onDisk = this.theirs.text;
    this.theirs = null;
    this.keepNow();
    void this.flush().catch(() => undefined);
  }

  /** Takes what the file holds; gives the text that was given up. */
  takeTheirs(): string {
    const mine = this.text;
    const theirs = this.theirs?.text ?? null;
    if (theirs !== null) {
      this.onDisk = theirs;
      this.text = plain(theirs);
      this.theirs = null;
    }
    this.#forget();
    return mine;
  }

  /** The file has another name now; nothing was unsent. */
  moved(path: string): void {
    this.#forget();
    this.path = path;
  }

  /** The editor is closed for good, and what it kept is not wanted any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#quiet);
    this.#forget();
  }

  #takeUp({ text, base }: Kept): void {
    const same = this.onDisk !== null && plain(this.onDisk) === text;
    if (same) return this.#forget();
    this.text = text;
    if (fingerprint(this.onDisk) === base) this.#writeSoon();
    else {
      this.theirs = { text: this.onDisk };
      this.#base = base;
    }
  }

  #keepSoon(): void {
    const wait = this.text.length > LONG_CHARS ? KEEP_LONG_MS : KEEP_MS;
    this.#keeping ??= setTimeout(() => this.keepNow(), wait);
  }

  #writeSoon(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => void this.#write(), QUIET_MS);
  }

  #write(): Promise<void> {
    clearTimeout(this.#quiet);
    if (this.#closed || this.theirs || !this.#dirty) return Promise.resolve();
    this.#writing ??= this.#writeOnce().finally(() => {
      this.#writing = null;
      this.#busy = false;
    });
    return this.#writing;
  }

  async #writeOnce(): Promise<void> {
    this.keepNow();
    const text = this.text;
    const expected = this.onDisk;
    const raw = withLineEnd(text, lineEnd(expected ?? ''));
    this.#busy = true;
    this.trouble = '';
    try {
      const holds = await this.ports.save(this.path, raw, expected);
      if (holds === raw) this.onDisk = raw;
      else this.#meet(holds);
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      return;
    }
    if (this.onDisk !== raw) return;
    void this.#confirm(text);
    if (this.#dirty) this.#writeSoon();
  }

  /** Waits for the server before what was kept here is forgotten. */
  async #confirm(text: string): Promise<void> {
    this.#sending += 1;
    try {
      await this.ports.saved();
      if (text === this.text && !this.#dirty) this.#forget();
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      this.#sending -= 1;
    }
  }

  #meet(now: string | null): void {
    if (now !== null && plain(now) === this.text) {
      this.onDisk = now;
      this.theirs = null;
      this.#forget();
    } else if (now === this.onDisk || (this.#base && fingerprint(now) === this.#base)) {
      this.onDisk = now;
      this.theirs = null;
      this.#base = null;
      if (this.#dirty) this.#writeSoon();
    } else if (now !== null && !this.#dirty) {
      this.onDisk = now;
      this.text = plain(now);
    } else this.theirs = { text: now };
  }

  #forget(): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    this.kept = true;
    this.ports.kept.drop(this.path);
  }
}
