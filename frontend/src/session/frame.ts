/** Puts work off to the next frame that is painted, once for all who ask until then. */

/** In a hidden tab nothing is painted; the work is done all the same. */
const HIDDEN_MS = 100;

export class NextFrame {
  #asked = false;

  constructor(private readonly work: () => void) {}

  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(this.#run);
    setTimeout(this.#run, HIDDEN_MS);
  }

  readonly #run = (): void => {
    if (!this.#asked) return;
    this.#asked = false;
    this.work();
  };
}
