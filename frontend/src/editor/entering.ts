/**
 * Enter as in a shell, and the arrows through the history, in whatever field people write.
 *
 * What is typed while an answer comes stays in the box: only the source, and the line break that
 * Enter made, are taken out.
 */
import { words } from '../i18n/editor';
import type { Field } from './field';
import { History } from './history';
import { enterMeans, leaves, lineBreak } from './keys';

const SENT = 50;

export interface EnteringPorts {
  field(): Field;
  /** Runs a source; resolves false when it is not whole. */
  submit(source: string, wish: { whole: boolean }): Promise<boolean>;
  /** Whether the answer may be long in coming: Python is busy or starting. */
  waits(): boolean;
  /** The sources of the transcript, oldest first. */
  earlier(): readonly string[];
  /** Words for the line under the box; empty when all is well. */
  hint(text: string): void;
  failed(error: unknown): void;
}

export class Entering {
  readonly #history = new History();
  /** Entries, and what this box sent: code that Stop took out of the queue is no entry. */
  readonly #sent: string[] = [];
  #asking = false;

  constructor(private readonly ports: EnteringPorts) {}

  /** All inputs to walk and search through, oldest first. */
  get sources(): readonly string[] {
    return [...this.ports.earlier(), ...this.#sent];
  }

  /** Runs the text as it is, also when it is not finished: its error says what is missing. */
  async always(): Promise<void> {
    await this.#send(this.ports.field().text, '', true);
  }

  enter(): void {
    const field = this.ports.field();
    const source = field.text;
    // Whoever presses Enter once too often writes no empty lines.
    if (source.trim() === '') return;
    const { caret } = field;
    const written = lineBreak(source, caret);
    if (field.selects || this.#asking || enterMeans(source, caret) === 'newline')
      field.replace(written);
    else if (caret === source.length) {
      // The line break comes at once, so that no key pressed while the answer comes is lost.
      void this.#send(source, written);
      field.replace(written);
    } else void this.#send(source).then((taken) => taken || this.ports.field().replace(written));
  }

  /** One step through the history, if the caret stands where the arrow leaves the text. */
  walk(up: boolean): boolean {
    const field = this.ports.field();
    const { text } = field;
    if (field.selects || !leaves(text, field.caret, up)) return false;
    const found = up ? this.#history.back(text, this.sources) : this.#history.forward();
    if (found === null) return false;
    field.setText(found, up ? 0 : found.length);
    return true;
  }

  /** A person changed the text. */
  typed(): void {
    this.#history.reset();
    this.ports.hint('');
  }

  /**
   * Runs the source if it is whole; resolves false when it is not. While Python is busy the answer
   * may be long in coming, so the source leaves the box at once and comes back if it was not whole.
   */
  async #send(source: string, written = '', whole = false): Promise<boolean> {
    if (this.#asking || source.trim() === '') return true;
    const waits = this.ports.waits();
    this.#asking = !waits;
    this.ports.hint('');
    // After this turn, when Enter has written its line break.
    if (waits) await Promise.resolve().then(() => this.#takeOut(source + written));
    try {
      const taken = await this.ports.submit(source, { whole });
      if (waits && !taken) this.#giveBack(source);
      else if (taken && !waits) this.#takeOut(source + written);
      return taken || waits;
    } catch (error) {
      if (waits) this.#giveBack(source);
      this.ports.failed(error);
      return true;
    } finally {
      if (!waits) this.#asking = false;
    }
  }

  #takeOut(whole: string): void {
    this.#history.reset();
    this.#sent.push(whole.trimEnd());
    if (this.#sent.length > SENT) this.#sent.shift();
    const field = this.ports.field();
    const { text } = field;
    if (!text.startsWith(whole)) return;
    // Enter pressed once more while the answer came leaves no empty line behind.
    const end = text.slice(whole.length).trim() === '' ? text.length : whole.length;
    field.replace('', Math.max(0, field.caret - end), 0, end);
  }

  #giveBack(source: string): void {
    this.ports.hint(words.unfinished);
    const field = this.ports.field();
    field.setText(field.text ? `${source}\n${field.text}` : source);
  }
}
