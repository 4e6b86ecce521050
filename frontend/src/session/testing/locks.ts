/** Web Locks for tests in Node: exclusive locks by name, held until their callback's promise ends. */
type Callback = (lock: { name: string } | null) => unknown;

export class TestLocks {
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #held = new Set<string>();

  request = async (name: string, ...rest: unknown[]): Promise<unknown> => {
    const callback = rest.at(-1) as Callback;
    const options = (rest.length > 1 ? rest[0] : {}) as {
      ifAvailable?: boolean;
      signal?: AbortSignal;
    };
    if (options.ifAvailable && this.#held.has(name)) return callback(null);
    const before = this.#queues.get(name) ?? Promise.resolve();
    const aborted = new Promise<'aborted'>((resolve) => {
      options.signal?.addEventListener('abort', () => resolve('aborted'));
    });
    if (this.#held.has(name) && (await Promise.race([before, aborted])) === 'aborted')
      throw new DOMException('aborted', 'AbortError');
    this.#held.add(name);
    const work = Promise.resolve(callback({ name })).finally(() => this.#held.delete(name));
    this.#queues.set(name, Promise.race([work.catch(() => undefined), this.#freed(name)]));
    return work;
  };

  readonly #releases = new Map<string, () => void>();

  #freed(name: string): Promise<void> {
    return new Promise((resolve) => this.#releases.set(name, resolve));
  }

  /** As when the page that holds these goes away. */
  free(...names: string[]): void {
    for (const name of names) {
      this.#held.delete(name);
      this.#releases.get(name)?.();
    }
  }

  held(): string[] {
    return [...this.#held];
  }

  manager(): LockManager {
    return this as unknown as LockManager;
  }
}
