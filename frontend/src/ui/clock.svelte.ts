/** The time since a run began, in whole seconds, for words like `Running #5 · 12 s`. */

export class Clock {
  seconds = $state(0);

  /** Counts until the returned function is called. `since` is of `performance.now()`. */
  run(since: number): () => void {
    const count = () => {
      this.seconds = Math.max(0, Math.floor((performance.now() - since) / 1000));
    };
    count();
    const timer = setInterval(count, 500);
    return () => clearInterval(timer);
  }
}
