/**
 * The page's own notices, beside those of the session: what a button could not do, and for what was
 * just removed the way back.
 */
import { words } from '../i18n/common';
import type { Notice } from '../session/view';

/** At most so many are kept; the oldest goes first. */
const MAX = 4;

export class LocalNotices {
  list = $state.raw<readonly Notice[]>([]);
  #next = -1;

  /** Shows a notice. Its id is negative: those of the session are not. */
  add(notice: Omit<Notice, 'id'>): void {
    const same = (other: Notice) => other.text === notice.text;
    const others = this.list.filter((other) => !same(other));
    this.list = [...others, { ...notice, id: this.#next-- }].slice(-MAX);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Waits for a call and shows why it failed, after `about`; true when it did not. */
  async attempt(task: () => Promise<unknown>, about = ''): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      const why = error instanceof Error && error.message ? error.message : words.failed;
      this.add({ level: 'error', text: about ? `${about} ${why}` : why });
      return false;
    }
  }
}
