/**
 * What was typed into scripts and is not on the server yet, kept in this browser at once: it
 * survives a crash. Each page load keeps under an id of its own, held as a Web Lock, so that two
 * tabs do not mix; what a page that is gone has left is taken over by the next.
 */
import { newId } from '../session/tab';

const ROOT = 'playground:script';
const LATEST = 'playground:script-page';

/** After a reload the old page's lock may take a moment to come free. */
const WAIT_MS = 500;

export interface Kept {
  text: string;
  /** Stands for the text in the file that the typing began with; null for no file. */
  base: string | null;
  at: number;
}

export interface Browser {
  local: Storage;
  tab: Storage;
  locks: LockManager;
}

export class KeptTexts {
  readonly #page = newId();
  readonly #root: string;

  constructor(
    user: string,
    session: string,
    private readonly browser: Browser,
    /** Whether the person is still there: what is kept after a sign-out is there for the next. */
    private readonly allowed: () => boolean = () => true,
  ) {
    this.#root = [ROOT, user, session].map(encodeURIComponent).join('/');
  }

  /** Begins to keep, and gives what pages that are gone have left, by path. */
  async begin(): Promise<Map<string, Kept>> {
    const { tab, locks } = this.browser;
    const latest = attempt(() => tab.getItem(LATEST));
    attempt(() => tab.setItem(LATEST, this.#page));
    void hold(locks, lockName(this.#page));
    const left = new Map<string, Kept>();
    for (const [page, keys] of this.#others()) {
      if (!(await isFree(locks, lockName(page), page === latest ? WAIT_MS : 0))) continue;
      for (const key of keys) this.#inherit(key, left);
    }
    return left;
  }

  /** Keeps a text; false when the browser has no room or does not allow it. */
  keep(path: string, text: string, base: string | null): boolean {
    return this.#put(path, { text, base, at: Date.now() });
  }

  drop(path: string): void {
    attempt(() => this.browser.local.removeItem(this.#key(this.#page, path)));
  }

  #key(page: string, path: string): string {
    return `${this.#root}/${page}/${encodeURIComponent(path.toWellFormed())}`;
  }

  #put(path: string, kept: Kept): boolean {
    if (!this.allowed()) return false;
    const key = this.#key(this.#page, path);
    return attempt(() => this.browser.local.setItem(key, JSON.stringify(kept))) !== null;
  }

  /** The keys of other pages' texts of this session, by page. */
  #others(): Map<string, string[]> {
    const { local } = this.browser;
    const keys = attempt(() =>
      Array.from({ length: local.length }, (_, index) => local.key(index)),
    );
    const pages = new Map<string, string[]>();
    for (const key of keys ?? []) {
      if (!key?.startsWith(`${this.#root}/`)) continue;
      const page = key.split('/').at(-2) ?? '';
      pages.set(page, [...(pages.get(page) ?? []), key]);
    }
    return pages;
  }

  /** Of two texts for one file the newer is taken; the other waits for the next page. */
  #inherit(key: string, left: Map<string, Kept>): void {
    const path = attempt(() => decodeURIComponent(key.split('/').at(-1) ?? ''));
    const kept = parse(attempt(() => this.browser.local.getItem(key)));
    const other = path === null ? undefined : left.get(path);
    if (path === null || !kept || (other && other.at >= kept.at)) return;
    if (!other && this.#put(path, kept)) attempt(() => this.browser.local.removeItem(key));
    left.set(path, kept);
  }
}

/** Whose text a key of the browser's storage keeps, and of which session; null for other keys. */
export function ownerOfKept(key: string): [user: string, session: string] | null {
  const [root, user, session] = key
    .split('/')
    .map((part) => attempt(() => decodeURIComponent(part)));
  return root === ROOT && user && session ? [user, session] : null;
}

/** A short text that two different texts have in common only by rare chance. */
export function fingerprint(text: string | null): string | null {
  if (text === null) return null;
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  return `${text.length}-${(high >>> 0).toString(36)}-${(low >>> 0).toString(36)}`;
}

function lockName(page: string): string {
  return `script-page:${page}`;
}

function hold(locks: LockManager, name: string): Promise<unknown> {
  return locks.request(name, () => new Promise<never>(() => undefined));
}

async function isFree(locks: LockManager, name: string, waitMs: number): Promise<boolean> {
  const options = waitMs ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
  return locks.request(name, options, (lock) => lock !== null).catch(() => false);
}

function parse(json: string | null): Kept | null {
  const found = attempt(() => JSON.parse(json ?? 'null') as Partial<Kept> | null);
  if (typeof found?.text !== 'string' || typeof found.at !== 'number') return null;
  return { text: found.text, base: found.base ?? null, at: found.at };
}

/** Storage may be full or forbidden. */
function attempt<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch {
    return null;
  }
}
