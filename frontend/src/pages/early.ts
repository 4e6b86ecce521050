/**
 * Stands in the session page's HTML, before any script has come: fetches Python's files, which take
 * longest. They wait where the page's own script finds them (runtime/distribution.ts).
 */
import type { Distribution } from '../runtime/distribution';
import { prefetch } from '../runtime/distribution';

const text = document.querySelector('#start-data')?.textContent;
if (text && window.isSecureContext && window.crossOriginIsolated) {
  const { distribution } = JSON.parse(text) as { distribution: Distribution };
  prefetch(distribution);
}
