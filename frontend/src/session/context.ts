/**
 * What the components of a session page share: the view they read, the functions they call.
 *
 * `PageApi` is the part of `window.playground` that buttons use; the page gives the same object to
 * them that it gives to everybody.
 */
import { createContext } from 'svelte';

import type { LocalNotices } from '../ui/notices.svelte';
import type { SessionView, ViewActions } from './view';

export interface PageApi {
  interrupt(): Promise<unknown>;
  restore(number: number): Promise<unknown>;
  reset(): Promise<unknown>;
  clear(names?: string[]): Promise<unknown>;
  files: {
    read(path: string, options: { as: 'bytes' }): Promise<unknown>;
    write(path: string, content: Uint8Array<ArrayBuffer>): Promise<unknown>;
    remove(path: string): Promise<unknown>;
  };
}

export interface PageUser {
  name: string;
  guest: boolean;
}

export interface PageContext {
  view: SessionView;
  api: PageApi;
  actions: ViewActions;
  /** Notices of the page itself: errors of a button, chances to undo. */
  notices: LocalNotices;
  user: PageUser;
  /** The largest file that can be saved, in bytes. */
  fileBytes: number;
}

export const [usePage, providePage] = createContext<PageContext>();

/** Whether this person may change the session. */
export function mayEdit(view: SessionView): boolean {
  return view.role !== 'viewer';
}
