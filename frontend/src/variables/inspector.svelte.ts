/**
 * What the inspector looks at: a variable, a path into it, a view of what is there, a place in it.
 *
 * It asks the runtime piece by piece, and again after every run. An answer that comes late, when
 * something else is being looked at, is dropped.
 */
import type { PageContext } from '../session/context';
import { expression, type Look, readCopy, readLook, type Step, type ViewName } from './answers';
import { differences, NOTHING } from './differences';

/** Rows, characters or bytes of one page, as the runtime answers them. */
export const PAGE_SIZES: Record<ViewName, number> = {
  items: 100,
  attributes: 100,
  table: 100,
  text: 20_000,
  bytes: 4_096,
  source: 1,
};

/** More than any page has; the runtime gives as much as a page of the view holds. */
const WHOLE_PAGE = 20_000;

/** How long what changed stays marked, ms. */
const MARK_MS = 2_000;

export type Problem = 'gone' | 'unreadable' | null;

export class Inspector {
  name = $state.raw<string | null>(null);
  path = $state.raw<readonly Step[]>([]);
  look = $state.raw<Look | null>(null);
  problem = $state.raw<Problem>(null);
  /** The entry after which the value was looked at. */
  asOf = $state.raw(0);
  /** Labels of what differs from the look before, at the same place. */
  changed = $state.raw<ReadonlySet<string>>(NOTHING);
  #view: ViewName | null = null;
  #start = 0;
  #ticket = 0;
  #marked = 0;

  constructor(private readonly page: Pick<PageContext, 'view' | 'actions'>) {}

  /** The Python that leads here, if there is any. */
  get expression(): string | null {
    return this.look && expression(this.look.crumbs);
  }

  open(name: string): Promise<void> {
    this.name = name;
    return this.#go([]);
  }

  close(): void {
    this.name = null;
    this.#forget();
  }

  into(step: Step): Promise<void> {
    return this.#go([...this.path, step]);
  }

  /** Back to the first `depth` steps of the path. */
  back(depth: number): Promise<void> {
    return this.#go(this.path.slice(0, depth));
  }

  choose(view: ViewName): Promise<void> {
    this.#view = view;
    this.#start = 0;
    return this.#ask(false);
  }

  scroll(start: number): Promise<void> {
    this.#start = Math.max(0, start);
    return this.#ask(false);
  }

  /** Looks again at the same place, and marks what has become different. */
  refresh(): Promise<void> {
    return this.#ask(true);
  }

  /** The value as Python text, or null. */
  async python(): Promise<string | null> {
    const { name, path } = this;
    return readCopy(await this.page.actions.ask('copy', { name, path }));
  }

  #go(path: readonly Step[]): Promise<void> {
    this.#forget();
    this.path = path;
    return this.#ask(false);
  }

  #forget(): void {
    this.#ticket += 1;
    this.look = null;
    this.problem = null;
    this.changed = NOTHING;
    this.path = [];
    this.#view = null;
    this.#start = 0;
  }

  async #ask(again: boolean): Promise<void> {
    const { name, path } = this;
    if (name === null) return;
    const ticket = ++this.#ticket;
    const asOf = this.page.view.state.nextNumber - 1;
    const args = { name, path, view: this.#view, start: this.#start, count: WHOLE_PAGE };
    try {
      const look = readLook(await this.page.actions.ask('view', args));
      if (ticket !== this.#ticket) return;
      this.#mark(again && this.look ? differences(this.look.page, look.page) : null);
      this.look = look;
      this.asOf = asOf;
      this.problem = null;
    } catch (error) {
      if (ticket === this.#ticket) this.#failed(error);
    }
  }

  /** A second look right after the first finds no difference; the marks of the first stay. */
  #mark(found: ReadonlySet<string> | null): void {
    const now = performance.now();
    if (found && !found.size && now - this.#marked < MARK_MS) return;
    if (found?.size) this.#marked = now;
    this.changed = found ?? NOTHING;
  }

  #failed(error: unknown): void {
    const code = (error as { code?: unknown } | null)?.code;
    // While Python is busy the last look stays; the page asks again when it is not.
    if (code === 'busy') return;
    this.problem = code === 'not-found' ? 'gone' : 'unreadable';
    this.look = null;
  }
}
