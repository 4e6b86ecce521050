/**
 * Stands in the session page's HTML, so it runs before any script has come: asks for Python's files,
 * which take longest, and passes them on to the hidden frame. The page's first runtime goes on with
 * what this has begun.
 */
import type { Distribution } from '../runtime/distribution';
import { openDoor } from '../runtime/door';

const text = document.querySelector('#start-data')?.textContent;
if (text && window.isSecureContext && window.crossOriginIsolated) {
  const { distribution } = JSON.parse(text) as { distribution: Distribution };
  // The frame comes after this script in the HTML, and is the only one with that id.
  window.pythonDoor = openDoor(() => document.querySelector('iframe#python-frame'), distribution);
}
