/**
 * Walking through earlier inputs with the arrow keys, as in a shell.
 *
 * The text being written is put aside at the first step back and comes again at the end. Repeated
 * inputs are met once.
 */
export class History {
  private steps: string[] = [];
  private at = 0;
  private aside = '';

  /** The text one step back, or null at the beginning. `sources` are all inputs, oldest first. */
  back(current: string, sources: readonly string[]): string | null {
    if (this.at === 0) {
      this.aside = current;
      this.steps = [...new Set([...sources].reverse())].filter((source) => source !== current);
    }
    const text = this.steps[this.at];
    if (text === undefined) return null;
    this.at++;
    return text;
  }

  /** The text one step forward, or null when there is none. */
  forward(): string | null {
    if (this.at === 0) return null;
    this.at--;
    return this.at === 0 ? this.aside : (this.steps[this.at - 1] ?? this.aside);
  }

  /** Begins anew: the text was changed or sent. */
  reset(): void {
    this.at = 0;
    this.steps = [];
    this.aside = '';
  }
}
