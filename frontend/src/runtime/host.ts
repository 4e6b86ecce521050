/**
 * The hidden frame in the page: makes it, shakes hands with it, takes its messages, removes it.
 *
 * Only what `readUpward` has rebuilt gets through, and only so many messages a second. A frame that
 * breaks the rules is removed, which ends everything in it whatever it does.
 */
import { type Downward, readUpward, type Upward } from './messages';
import { Rate } from './rate';

/** The address of the frame; docs/security.md lists the headers it needs. */
const ADDRESS = '/runtime/frame.html';

/** How long the frame may take to say hello, in ms. */
const HELLO_MS = 30_000;

/** Messages of no known kind before the frame is removed. */
const MAX_BAD = 100;

export class Host {
  readonly #frame = document.createElement('iframe');
  readonly #rate = new Rate(1_000, 3_000);
  readonly #hello: number;
  #port: MessagePort | null = null;
  #waiting: Downward[] = [];
  #bad = 0;

  /** `onEnd` is called at most once, when the frame had to be removed; then it is gone. */
  constructor(
    parent: HTMLElement,
    private readonly onMessage: (message: Upward) => void,
    private readonly onEnd: (reason: string) => void,
  ) {
    this.#frame.hidden = true;
    this.#frame.title = 'Python';
    this.#frame.setAttribute('sandbox', 'allow-scripts');
    this.#frame.allow = 'cross-origin-isolated';
    this.#frame.referrerPolicy = 'no-referrer';
    this.#frame.src = ADDRESS;
    window.addEventListener('message', this.#accept);
    this.#hello = window.setTimeout(() => this.#end('Its frame did not load.'), HELLO_MS);
    parent.append(this.#frame);
  }

  /** Sends to the frame, once it is there. Buffers are copied. */
  send(message: Downward): void {
    if (this.#port) this.#port.postMessage(message);
    else this.#waiting.push(message);
  }

  remove(): void {
    window.removeEventListener('message', this.#accept);
    window.clearTimeout(this.#hello);
    this.#port?.close();
    this.#port = null;
    this.#waiting = [];
    this.#frame.remove();
  }

  /** Notes a message that made no sense. */
  reportBad(): void {
    this.#bad += 1;
    if (this.#bad > MAX_BAD) this.#end('It sent too many messages that make no sense.');
  }

  /** The first word of the frame. Another document in it, or its worker, can say nothing here. */
  readonly #accept = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (source === null || source !== this.#frame.contentWindow || origin !== 'null') return;
    if ((data as { type?: unknown } | null)?.type !== 'hello') return;
    window.removeEventListener('message', this.#accept);
    window.clearTimeout(this.#hello);
    const { port1, port2 } = new MessageChannel();
    // An opaque origin cannot be named as a target; the source has just been checked.
    this.#frame.contentWindow?.postMessage({ type: 'init' }, '*', [port2]);
    port1.onmessage = ({ data: message }: MessageEvent<unknown>) => this.#take(message);
    // Where the browser tells that the other end is gone, for one because the frame crashed.
    port1.addEventListener('close', () => this.#end('Its process has ended.'));
    this.#port = port1;
    for (const message of this.#waiting.splice(0)) port1.postMessage(message);
  };

  #take(data: unknown): void {
    if (this.#port === null) return;
    if (!this.#rate.take()) return this.#end('It sent too many messages.');
    const message = readUpward(data);
    if (message === null) this.reportBad();
    else this.onMessage(message);
  }

  #end(reason: string): void {
    this.remove();
    this.onEnd(reason);
  }
}
