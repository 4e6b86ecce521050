/**
 * The way to Python before anything is said to it: a frame that nobody sees, the page's end of the
 * channel to it, and the files that Python starts from, which are sent as they come.
 *
 * A page whose first runtime will be wanted at once has a small script in its HTML (pages/early.ts),
 * which opens the door. Python then starts while the page's own script is still on its way, and the
 * first runtime takes that door.
 */
import { type Distribution, planOf, sendFiles } from './distribution';
import type { Downward } from './messages';

declare global {
  interface Window {
    /** What the script in the HTML has opened and no runtime has taken yet. */
    pythonDoor?: Door | undefined;
  }
}

export interface Door {
  /** The page's end of the channel; what is sent waits until the frame has the other. */
  readonly port: MessagePort;
  /** Resolves when the frame has said its first word. */
  readonly hello: Promise<undefined>;
  /** Resolves when all files are sent; rejects when one cannot be had. */
  readonly files: Promise<void>;
  /** Takes the frame away, and everything that runs in it. */
  remove(): void;
}

/** The address of the frame; docs/security.md lists the headers it needs. */
const ADDRESS = '/runtime/frame.html';

/** The smallest place in the window that counts as seen. */
const UNSEEN: Partial<CSSStyleDeclaration> = {
  position: 'fixed',
  top: '0',
  left: '0',
  width: '1px',
  height: '1px',
  border: '0',
  opacity: '0',
  pointerEvents: 'none',
};

/** Makes a frame in `parent` and opens the door to it. */
export function openDoor(parent: Element, distribution: Distribution): Door {
  // Before anything else: the browser needs longest to start a process for it.
  const frame = makeFrame(parent);
  const { port1: port, port2: far } = new MessageChannel();
  const send = (message: Downward): void => port.postMessage(message);
  const { promise: hello, resolve: opened } = Promise.withResolvers<undefined>();
  /** The first word of the frame. Another document in it, or its worker, can say nothing here. */
  const accept = ({ source, origin, data }: MessageEvent<unknown>): void => {
    const inside = frame.contentWindow;
    if (!inside || source !== inside || origin !== 'null') return;
    if ((data as { type?: unknown } | null)?.type !== 'hello') return;
    window.removeEventListener('message', accept);
    // An opaque origin cannot be named as a target; who said hello was checked.
    inside.postMessage({ type: 'init' }, '*', [far]);
    opened(undefined);
  };
  window.addEventListener('message', accept);
  send({ type: 'boot', plan: planOf(distribution) });
  const files = sendFiles(distribution, (role, content) => send({ type: 'file', role, content }));
  files.catch(() => undefined);
  const remove = (): void => {
    window.removeEventListener('message', accept);
    port.close();
    frame.remove();
  };
  return { port, hello, files, remove };
}

/** The door that came with the page, once; else a new one to a new frame in `parent`. */
export function takeDoor(parent: Element, distribution: Distribution): Door {
  const given = window.pythonDoor;
  window.pythonDoor = undefined;
  return given ?? openDoor(parent, distribution);
}

/**
 * Nobody sees the frame, but it is rendered: the browser gives the process of a frame that is not a
 * lower priority, and Python would wait for whatever else the computer does.
 */
function makeFrame(parent: Element): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = 'Python';
  frame.ariaHidden = 'true';
  frame.tabIndex = -1;
  frame.inert = true;
  Object.assign(frame.style, UNSEEN);
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.allow = 'cross-origin-isolated';
  frame.referrerPolicy = 'no-referrer';
  frame.src = ADDRESS;
  parent.append(frame);
  return frame;
}
