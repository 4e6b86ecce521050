import type { Door } from '../runtime/door';

/** When the page is shown whatever is still missing, in ms after the navigation. */
const PATIENCE_MS = 400;

/**
 * Lets Python go first, but not for long: the history is to be read before there is a Python. Its
 * files, and the frame that it runs in, need the page's thread for moments at a time; what shows the
 * page holds it for longer than they take to come.
 */
export async function letPythonGoFirst(): Promise<void> {
  const door: Door | undefined = window.pythonDoor;
  if (!door) return;
  const { promise: patience, resolve: end } = Promise.withResolvers<undefined>();
  const timer = setTimeout(end, PATIENCE_MS - performance.now());
  // The runtime tells of files that cannot be had.
  const sent = door.files.catch(() => undefined);
  await Promise.race([Promise.all([door.hello, sent]), patience]);
  clearTimeout(timer);
}
