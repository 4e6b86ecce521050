/**
 * What the components of a session page share: the view they read, the functions they call.
 *
 * `PageApi` is the part of `window.playground` that buttons use; the page gives the same object to
 * them that it gives to everybody.
 */
import { createContext } from 'svelte';

import type { LocalNotices } from '../ui/notices.svelte';
import type { FileActions } from './fileWork';
import type { NewSession, ShareLink, WantedLink } from './server';
import type { SessionView, ViewActions } from './view';

export interface PageApi {
  execute(code: string): Promise<{ number: number | null; status: string }>;
  saved(): Promise<unknown>;
  interrupt(): Promise<unknown>;
  restore(number: number): Promise<unknown>;
  reset(): Promise<unknown>;
  fork(number?: number): Promise<NewSession>;
  share(wanted: WantedLink): Promise<NewSession>;
  unshare(id: string): Promise<void>;
  links(): Promise<ShareLink[]>;
  clear(names?: string[]): Promise<unknown>;
  files: {
    read(path: string, options: { as: 'bytes' }): Promise<unknown>;
    write(path: string, content: Uint8Array<ArrayBuffer>): Promise<unknown>;
    remove(path: string): Promise<unknown>;
  };
}

export interface PageUser {
  id: string;
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
  /** Work on files that is more than one call of the public interface. */
  files: FileActions;
  /** The largest file that can be saved, in bytes. */
  fileBytes: number;
  /** What all values and files of a session may have together, in bytes. */
  totalBytes: number;
  /** The class that the session's pupil works in, and the socket of their desk there. */
  classroom?: { socket: string; name: string } | undefined;
}

export const [usePage, providePage] = createContext<PageContext>();

/** Whether this person may change the session. */
export function mayEdit(view: SessionView): boolean {
  return view.role !== 'viewer';
}
