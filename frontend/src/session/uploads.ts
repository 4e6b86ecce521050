/**
 * Brings blobs to the server before an operation names them: asks which it lacks, sends those.
 *
 * While the server cannot be reached it waits and tries again; a refusal for good is remembered
 * and told when the operation, which then cannot be accepted, is refused.
 */
import type { PlaygroundError } from './errors';
import { asPlaygroundError } from './errors';
import { isPassing, type PackedBlob, type Server } from './server';

const MAX_ASKED = 500;

/** So few bytes are sent sooner than asked for. */
const UNASKED_BYTES = 64 * 1024;
const UNASKED_BLOBS = 4;

const AT_ONCE = 4;
const MIN_WAIT_MS = 300;
const MAX_WAIT_MS = 15_000;

export interface UploadPorts {
  server: Pick<Server, 'lacks' | 'putBlob'>;
  /** The bytes of a blob that is at hand in memory or in the browser's database. */
  find(hash: string): Promise<PackedBlob | undefined>;
}

export class Uploads {
  readonly #known = new Set<string>();
  readonly #sending = new Map<string, Promise<void>>();
  #wake: (() => void)[] = [];

  constructor(private readonly ports: UploadPorts) {}

  /** The server has these: a snapshot that names them was accepted or loaded. */
  know(hashes: Iterable<string>): void {
    for (const hash of hashes) this.#known.add(hash);
  }

  knows(hash: string): boolean {
    return this.#known.has(hash);
  }

  /** The server misses something that was thought to be there. */
  forget(): void {
    this.#known.clear();
  }

  /** The connection is back: who waits tries at once. */
  retryNow(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /**
   * Brings all of `hashes` that are at hand to the server; gives the refusal when it refuses for
   * good, null when done.
   */
  async ensure(hashes: readonly string[]): Promise<PlaygroundError | null> {
    for (let wait = MIN_WAIT_MS; ; wait = Math.min(MAX_WAIT_MS, wait * 2)) {
      try {
        await this.#once(hashes);
        return null;
      } catch (error) {
        if (!isPassing(error)) return asPlaygroundError(error, 'storage');
      }
      await this.#pause(wait * (0.5 + Math.random() / 2));
    }
  }

  async #once(hashes: readonly string[]): Promise<void> {
    const unknown = [...new Set(hashes)].filter((hash) => !this.#known.has(hash));
    const lacking = (await this.#areSmall(unknown)) ? unknown : await this.#lacking(unknown);
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let hash = lacking.shift(); hash; hash = lacking.shift()) await this.#put(hash);
    });
    const outcomes = await Promise.allSettled(workers);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #areSmall(hashes: readonly string[]): Promise<boolean> {
    if (hashes.length > UNASKED_BLOBS) return false;
    const blobs = await Promise.all(hashes.map((hash) => this.ports.find(hash)));
    const bytes = blobs.reduce((sum, blob) => sum + (blob?.body.byteLength ?? Infinity), 0);
    return bytes <= UNASKED_BYTES;
  }

  async #lacking(unknown: readonly string[]): Promise<string[]> {
    const lacking: string[] = [];
    for (let start = 0; start < unknown.length; start += MAX_ASKED) {
      const asked = unknown.slice(start, start + MAX_ASKED);
      const lacks = new Set(await this.ports.server.lacks(asked));
      for (const hash of asked)
        if (lacks.has(hash)) lacking.push(hash);
        else this.#known.add(hash);
    }
    return lacking;
  }

  #put(hash: string): Promise<void> {
    const running = this.#sending.get(hash);
    if (running) return running;
    const sending = this.#send(hash).finally(() => this.#sending.delete(hash));
    this.#sending.set(hash, sending);
    return sending;
  }

  async #send(hash: string): Promise<void> {
    const blob = await this.ports.find(hash);
    // Without the bytes the server decides: it refuses the operation as `missing`.
    if (!blob) return;
    await this.ports.server.putBlob(hash, blob);
    this.#known.add(hash);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
