/** Short runs that follow each other at once: saving must not slow them down. */

/** Without a new run for this long a burst is over; saving waits no longer than the second, ms. */
const CALM_MS = 45;
const MAX_CALM_MS = 1_500;

export class Burst {
  /** When the latest run began. */
  #began = 0;

  began(at: number): void {
    this.#began = at;
  }

  /** Resolves when no burst goes on, which hashing and sending would slow down. */
  async over(): Promise<void> {
    const end = performance.now() + MAX_CALM_MS;
    for (;;) {
      const left = Math.min(this.#began + CALM_MS, end) - performance.now();
      if (left <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, left));
    }
  }
}
