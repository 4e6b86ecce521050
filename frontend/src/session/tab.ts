/**
 * Who this page is: a tab id that survives reloads and a client id for each page load.
 *
 * Both are held as Web Locks while the page lives. A duplicated tab finds its copied tab id held
 * and takes a new one; a client id whose lock is free belongs to a page that is gone, so another
 * may send what it left behind.
 */
const KEY = 'playground-tab';

/** After a reload the old page's lock may take a moment to come free. */
const WAIT_MS = 400;

export function newId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

export function clientLock(client: string): string {
  return `client:${client}`;
}

/** Holds a lock until the page goes; false when it did not come free in time. */
function hold(name: string, waitMs: number, locks: LockManager): Promise<boolean> {
  const signal = AbortSignal.timeout(waitMs);
  return new Promise((resolve) => {
    const forever = () => {
      resolve(true);
      return new Promise<never>(() => undefined);
    };
    locks.request(name, { signal }, forever).catch(() => resolve(false));
  });
}

/** Holds the client id of this page load, and gives the tab's id, held as well. */
export async function identify(
  client: string,
  locks: LockManager = navigator.locks,
  storage: Storage = sessionStorage,
): Promise<string> {
  const heldClient = hold(clientLock(client), WAIT_MS, locks);
  const earlier = storage.getItem(KEY);
  let tab = earlier && /^[0-9a-f]{32}$/.test(earlier) ? earlier : newId();
  if (!(await hold(`tab:${tab}`, WAIT_MS, locks))) {
    tab = newId();
    await hold(`tab:${tab}`, WAIT_MS, locks);
  }
  storage.setItem(KEY, tab);
  await heldClient;
  return tab;
}
