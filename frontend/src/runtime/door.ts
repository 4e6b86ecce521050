/**
 * The hidden frame and its first word, before anything is said to it.
 *
 * A page whose first runtime will be wanted at once has one in its HTML: the frame's process and its
 * worker then start while the page reads its own script. The first runtime takes it.
 */

/** The address of the frame; docs/security.md lists the headers it needs. */
const ADDRESS = '/runtime/frame.html';

/** The id of a frame that came with the page. */
const GIVEN = 'python-frame';

export class Door {
  /** Resolves when the frame has said hello. */
  readonly hello: Promise<void>;
  #opened!: () => void;

  constructor(private readonly frame: HTMLIFrameElement) {
    this.hello = new Promise((resolve) => (this.#opened = resolve));
    window.addEventListener('message', this.#accept);
  }

  /** Sends the frame its end of the only way to talk with it, after its hello. */
  admit(port: MessagePort): void {
    // An opaque origin cannot be named as a target; who said hello was checked.
    this.frame.contentWindow?.postMessage({ type: 'init' }, '*', [port]);
  }

  remove(): void {
    window.removeEventListener('message', this.#accept);
    this.frame.remove();
  }

  /** The first word of the frame. Another document in it, or its worker, can say nothing here. */
  readonly #accept = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (source === null || source !== this.frame.contentWindow || origin !== 'null') return;
    if ((data as { type?: unknown } | null)?.type !== 'hello') return;
    window.removeEventListener('message', this.#accept);
    this.#opened();
  };
}

/** The frame that came with the page, once; else a new one in `parent`. */
export function openDoor(parent: Element): Door {
  const given = document.querySelector<HTMLIFrameElement>(`iframe#${GIVEN}`);
  given?.removeAttribute('id');
  return new Door(given ?? makeFrame(parent));
}

/** The template of the session page writes the same. */
function makeFrame(parent: Element): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = 'Python';
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.allow = 'cross-origin-isolated';
  frame.referrerPolicy = 'no-referrer';
  frame.src = ADDRESS;
  parent.append(frame);
  return frame;
}
