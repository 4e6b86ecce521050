/**
 * Runs before the session page's own script is there: fetches Python's files, which take longest.
 * They wait in the module that both scripts share.
 */
import type { Distribution } from '../runtime/distribution';
import { prefetch } from '../runtime/distribution';

const text = document.querySelector('#start-data')?.textContent;
if (text && window.isSecureContext && window.crossOriginIsolated) {
  const { distribution, soon } = JSON.parse(text) as {
    distribution: Distribution | null;
    soon: boolean;
  };
  if (distribution && soon) prefetch(distribution);
}
