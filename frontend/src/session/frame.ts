/**
 * Puts work off to the next frame that is painted, once for all who ask until then.
 *
 * Work that is asked for again and again is spaced: nobody reads sixty lines a second, and what it
 * costs is missing where somebody types and where Python runs. The first frames of a burst come at
 * once, so that a short run shows what it does without delay.
 */

/** In a hidden tab nothing is painted; the work is done all the same. */
const HIDDEN_MS = 100;

/** A frame within this time after a key is the one that shows the key, ms: a burst stays out of it, … */
const KEY_MS = 16;
/** … for so many frames at most. */
const GIVES_WAY = 3;

/** So many frames may follow each other without a gap, … */
const BURST = 10;
/** … and after them one in this time, which also gives back one of the burst. */
const SPACE_MS = 40;

let latestKey = -Infinity;
addEventListener('keydown', () => (latestKey = performance.now()), { capture: true });

export class NextFrame {
  #asked = false;
  #burst = BURST;
  #latest = -Infinity;
  #gaveWay = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly work: () => void) {}

  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    const now = performance.now();
    this.#burst = Math.min(BURST, this.#burst + Math.floor((now - this.#latest) / SPACE_MS));
    const wait = this.#burst > 0 ? 0 : Math.max(0, this.#latest + SPACE_MS - now);
    if (wait) this.#waiting = setTimeout(this.#frame, wait);
    else this.#frame();
    this.#hidden = setTimeout(this.#run, wait + HIDDEN_MS);
  }

  readonly #frame = (): void => void requestAnimationFrame(this.#inFrame);

  readonly #inFrame = (): void => {
    const showsKey = performance.now() - latestKey < KEY_MS;
    if (this.#asked && showsKey && this.#burst < BURST && this.#gaveWay < GIVES_WAY) {
      this.#gaveWay += 1;
      this.#frame();
    } else this.#run();
  };

  readonly #run = (): void => {
    if (!this.#asked) return;
    this.#asked = false;
    this.#gaveWay = 0;
    clearTimeout(this.#waiting);
    clearTimeout(this.#hidden);
    this.#burst = Math.max(0, this.#burst - 1);
    this.#latest = performance.now();
    this.work();
  };
}
