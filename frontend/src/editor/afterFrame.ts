/** Puts off what may come a frame later than the key that asked for it. */

/** Where no frames are made, in a hidden tab, nothing waits longer than this, ms. */
const HIDDEN_MS = 100;

/** Resolves when the next frame has been made. */
export function afterFrame(): Promise<void> {
  return new Promise((resolve) => {
    const hidden = setTimeout(resolve, HIDDEN_MS);
    requestAnimationFrame(() => {
      // A message that is sent while a frame is made arrives after it.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        clearTimeout(hidden);
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    });
  });
}
