/**
 * The unseen frame in the page: hears its messages, removes it.
 *
 * Only what `readUpward` has rebuilt gets through, and only so many messages a second. A frame that
 * breaks the rules is removed, which ends everything in it whatever it does.
 */
import { words } from '../i18n/runtime';
import type { Distribution } from './distribution';
import { type Door, takeDoor } from './door';
import { type Downward, readUpward, type Upward } from './messages';
import { Rate } from './rate';

/** How long the frame may take to say hello, in ms. */
const HELLO_MS = 30_000;

/** Messages of no known kind before the frame is removed. */
const MAX_BAD = 100;

export class Host {
  /** Resolves when Python's files are sent; rejects when one cannot be had. */
  readonly files: Promise<void>;
  readonly #door: Door;
  readonly #rate = new Rate(1_000, 3_000);
  readonly #hello: number;
  #bad = 0;
  #removed = false;

  /** `onEnd` is called at most once, when the frame had to be removed; then it is gone. */
  constructor(
    parent: HTMLElement,
    distribution: Distribution,
    private readonly onMessage: (message: Upward) => void,
    private readonly onEnd: (reason: string) => void,
  ) {
    this.#door = takeDoor(parent, distribution);
    const { port, hello, files } = this.#door;
    this.files = files;
    this.#hello = window.setTimeout(() => this.#end(words.noFrame), HELLO_MS);
    void hello.then(() => window.clearTimeout(this.#hello));
    // Where the browser tells that the other end is gone, for one because the frame crashed.
    port.addEventListener('close', () => this.#end(words.processEnded));
    port.onmessage = ({ data: message }: MessageEvent<unknown>) => this.#take(message);
  }

  /** Sends to the frame, or keeps it until that is there. Buffers are copied. */
  send(message: Downward): void {
    if (!this.#removed) this.#door.port.postMessage(message);
  }

  remove(): void {
    window.clearTimeout(this.#hello);
    this.#removed = true;
    this.#door.remove();
  }

  /** Notes a message that made no sense. */
  reportBad(): void {
    this.#bad += 1;
    if (this.#bad > MAX_BAD) this.#end(words.badMessages);
  }

  #take(data: unknown): void {
    if (this.#removed) return;
    if (!this.#rate.take()) return this.#end(words.manyMessages);
    const message = readUpward(data);
    if (message === null) this.reportBad();
    else this.onMessage(message);
  }

  #end(reason: string): void {
    if (this.#removed) return;
    this.remove();
    this.onEnd(reason);
  }
}
