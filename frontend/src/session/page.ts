/** What a session page is given: by the server as `#page-data`, and by the browser. */
import type { Role, SessionState } from '../protocol.gen';
import type { CaptureLimits } from '../runtime/interface';
import type { Server } from './server';
import type { OpenSocket } from './socket';

export interface PageData {
  state: SessionState;
  name: string;
  role: Role;
  /** Whether this person may read saved values and make a session of their own from this one. */
  forks?: boolean;
  /** The name of the session's owner. */
  owner?: string;
  user: string | number;
  /** What a capture may hold, in bytes. */
  limits: CaptureLimits;
}

/** What of the browser a session uses. */
export interface Surroundings {
  locks: LockManager;
  storage: Storage;
  /** The server's addresses of a session. */
  serverOf(session: string): Server;
  openSocket?: OpenSocket;
  go(url: string): void;
}

export function socketAddress(session: string): string {
  const address = new URL(`/ws/sessions/${session}`, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
