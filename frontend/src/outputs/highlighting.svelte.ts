/**
 * Highlighting of code that is read. The parser is fetched once something is in sight and the page
 * has painted; until then, and for very long sources, code is plain text.
 */
import type { Token } from './tokens';

const MAX_CHARS = 30_000;

/** How long the page may take to come to rest before the parser is fetched all the same, ms. */
const PATIENCE_MS = 2_000;

class Highlighting {
  parse = $state.raw<((source: string) => Token[]) | null>(null);
  #asked = false;

  tokens(source: string): Token[] {
    // A session command is no Python.
    if (!this.parse || source.length > MAX_CHARS || source.trimStart().startsWith(':')) return [];
    return this.parse(source);
  }

  load(): void {
    if (this.#asked) return;
    this.#asked = true;
    const fetch = () =>
      void import('./highlight').then(
        ({ tokensOf }) => (this.parse = tokensOf),
        // Without it code stays plain.
        () => undefined,
      );
    if ('requestIdleCallback' in globalThis) requestIdleCallback(fetch, { timeout: PATIENCE_MS });
    else setTimeout(fetch, PATIENCE_MS);
  }
}

export const highlighting = new Highlighting();

let observer: IntersectionObserver | undefined;
const waiting = new WeakMap<Element, () => void>();

/** Calls back once when the element comes near what is seen. */
export function whenNear(element: Element, seen: () => void): () => void {
  if (!('IntersectionObserver' in globalThis)) return () => undefined;
  observer ??= new IntersectionObserver(notice, { rootMargin: '400px' });
  waiting.set(element, seen);
  observer.observe(element);
  return () => observer?.unobserve(element);
}

function notice(all: IntersectionObserverEntry[]): void {
  for (const { isIntersecting, target } of all) {
    if (!isIntersecting) continue;
    observer?.unobserve(target);
    waiting.get(target)?.();
  }
}
