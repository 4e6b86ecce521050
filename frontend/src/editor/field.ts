/**
 * What the input box needs of the place where people write: an editor, or the plain text area that
 * stands there until the editor has been loaded, and for good where it cannot be.
 */
export interface Field {
  readonly text: string;
  readonly caret: number;
  /** Whether something is selected. */
  readonly selects: boolean;
  /** Writes in the place of a range, or of the selection, so that undo keeps working. */
  replace(written: string, caret?: number, from?: number, to?: number): void;
  setText(text: string, caret?: number): void;
  select(from: number, to: number): void;
  focus(): void;
}

export class AreaField implements Field {
  constructor(
    private readonly area: HTMLTextAreaElement,
    private readonly replaced: (text: string) => void,
  ) {}

  get text(): string {
    return this.area.value;
  }

  get caret(): number {
    return this.area.selectionStart;
  }

  get selects(): boolean {
    return this.area.selectionStart !== this.area.selectionEnd;
  }

  replace(written: string, caret?: number, from?: number, to?: number): void {
    const { area } = this;
    const start = from ?? area.selectionStart;
    area.setRangeText(written, start, to ?? (from === undefined ? area.selectionEnd : from), 'end');
    if (caret !== undefined) area.setSelectionRange(caret, caret);
    this.replaced(area.value);
  }

  setText(text: string, caret = text.length): void {
    if (text !== this.text) this.replace(text, caret, 0, this.text.length);
  }

  select(from: number, to: number): void {
    this.area.setSelectionRange(from, to);
  }

  focus(): void {
    this.area.focus({ preventScroll: true });
  }
}
