/**
 * Stands first in the session page's HTML, so it runs before anything else is asked for: makes the
 * frame that Python runs in, asks for Python's files, which take longest, and passes them on to it.
 * The page's first runtime goes on with what this has begun.
 */
import type { Distribution } from '../runtime/distribution';
import { openDoor } from '../runtime/door';

const text = document.querySelector('#start-data')?.textContent;
if (text && window.isSecureContext && window.crossOriginIsolated) {
  const { distribution } = JSON.parse(text) as { distribution: Distribution };
  // There is no body yet, and a frame that is moved loads anew: it stays beside it.
  window.pythonDoor = openDoor(document.documentElement, distribution);
}
