/**
 * The hidden frame in the page: shakes hands with it, takes its messages, removes it.
 *
 * Only what `readUpward` has rebuilt gets through, and only so many messages a second. A frame that
 * breaks the rules is removed, which ends everything in it whatever it does.
 */
import { words } from '../i18n/runtime';
import { type Door, openDoor } from './door';
import { type Downward, readUpward, type Upward } from './messages';
import { Rate } from './rate';

/** How long the frame may take to say hello, in ms. */
const HELLO_MS = 30_000;

/** Messages of no known kind before the frame is removed. */
const MAX_BAD = 100;

export class Host {
  readonly #door: Door;
  readonly #rate = new Rate(1_000, 3_000);
  readonly #hello: number;
  #port: MessagePort | null = null;
  #waiting: Downward[] = [];
  #bad = 0;
  #removed = false;

  /** `onEnd` is called at most once, when the frame had to be removed; then it is gone. */
  constructor(
    parent: HTMLElement,
    private readonly onMessage: (message: Upward) => void,
    private readonly onEnd: (reason: string) => void,
  ) {
    this.#door = openDoor(parent);
    this.#hello = window.setTimeout(() => this.#end(words.noFrame), HELLO_MS);
    void this.#door.hello.then(() => this.#connect());
  }

  /** Sends to the frame, once it is there. Buffers are copied. */
  send(message: Downward): void {
    if (this.#port) this.#port.postMessage(message);
    else this.#waiting.push(message);
  }

  remove(): void {
    window.clearTimeout(this.#hello);
    this.#removed = true;
    this.#port?.close();
    this.#port = null;
    this.#waiting = [];
    this.#door.remove();
  }

  /** Notes a message that made no sense. */
  reportBad(): void {
    this.#bad += 1;
    if (this.#bad > MAX_BAD) this.#end(words.badMessages);
  }

  #connect(): void {
    if (this.#removed) return;
    window.clearTimeout(this.#hello);
    const { port1, port2 } = new MessageChannel();
    this.#door.admit(port2);
    port1.onmessage = ({ data: message }: MessageEvent<unknown>) => this.#take(message);
    // Where the browser tells that the other end is gone, for one because the frame crashed.
    port1.addEventListener('close', () => this.#end(words.processEnded));
    this.#port = port1;
    for (const message of this.#waiting.splice(0)) port1.postMessage(message);
  }

  #take(data: unknown): void {
    if (this.#port === null) return;
    if (!this.#rate.take()) return this.#end(words.manyMessages);
    const message = readUpward(data);
    if (message === null) this.reportBad();
    else this.onMessage(message);
  }

  #end(reason: string): void {
    this.remove();
    this.onEnd(reason);
  }
}
