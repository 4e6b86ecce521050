/**
 * The input box as other parts of the page use it: put a text into it, run it, go to it. It also
 * holds which entry the text in it comes from.
 */
export interface BoxHandle {
  readonly text: string;
  put(text: string): void;
  run(): void;
  focus(): void;
  contains(element: Element): boolean;
}

class InputBox {
  /** The entry that the text was taken from, until the text is run or taken out. */
  origin = $state.raw<number | null>(null);
  #handle: BoxHandle | null = null;

  /** What an execution of the text says about itself. */
  get about(): { origin: number } | undefined {
    return this.origin === null ? undefined : { origin: this.origin };
  }

  /** Called by the box; gives the way to take it back. */
  connect(handle: BoxHandle): () => void {
    this.#handle = handle;
    return () => {
      if (this.#handle === handle) this.#handle = null;
    };
  }

  /** Puts a text in the place of what is there and gives what was there. */
  put(text: string, origin: number | null = null): string {
    const before = this.#handle?.text ?? '';
    this.#handle?.put(text);
    this.origin = origin;
    this.#handle?.focus();
    return before;
  }

  run(): void {
    this.#handle?.run();
  }

  focus(): void {
    this.#handle?.focus();
  }

  /** Whether the element is the empty box, from which the focus may go without a loss. */
  isEmptyAt(element: Element): boolean {
    return this.#handle?.contains(element) === true && this.#handle.text.trim() === '';
  }

  /**
   * The text changed: an empty box comes from nowhere. A text that is run leaves the box before it
   * is asked where it came from.
   */
  changed(text: string): void {
    if (this.origin === null || text.trim() !== '') return;
    setTimeout(() => {
      if (!this.#handle?.text.trim()) this.origin = null;
    });
  }
}

export const inputBox = new InputBox();
