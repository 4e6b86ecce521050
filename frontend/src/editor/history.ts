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

/** Earlier inputs that contain all words of a query, newest first, each once. */
export function matching(sources: readonly string[], query: string, most = 50): string[] {
  const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set<string>();
  for (let at = sources.length - 1; at >= 0 && found.size < most; at -= 1) {
    const source = sources[at] ?? '';
    const text = source.toLowerCase();
    if (source.trim() && parts.every((part) => text.includes(part))) found.add(source);
  }
  return [...found];
}

/** The line of a source that shows best why it was found. */
export function tellingLine(source: string, query: string): string {
  const lines = source.split('\n').filter((line) => line.trim());
  const [part = ''] = query.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.find((line) => line.toLowerCase().includes(part)) ?? lines[0] ?? '';
}
