/** A bucket of messages: it refills with time, and who empties it is flooding. */
export class Rate {
  #left: number;
  #at: number;

  /** `perSecond` for ever, `burst` at once. `clock` gives ms. */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.#left = burst;
    this.#at = clock();
  }

  /** Takes one message from the bucket; false when it is empty. */
  take(): boolean {
    const now = this.clock();
    this.#left = Math.min(this.burst, this.#left + ((now - this.#at) / 1000) * this.perSecond) - 1;
    this.#at = now;
    return this.#left >= 0;
  }
}
