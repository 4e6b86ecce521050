/**
 * Sends what pages of this browser that are gone could not send, before this page asks for the
 * lease: under their own client ids and fencing numbers, so that the server sees one story.
 *
 * A client whose Web Lock is held is alive and sends by itself. One page at a time does this.
 */
import type { StoredOperation } from './database';
import { clientLock } from './tab';

export interface ReplayPorts {
  session: string;
  client: string;
  locks: LockManager;
  /** Unsent operations of this user in this session, by client. */
  load(): Promise<Map<string, StoredOperation[]>>;
  /** Sends the operations of one client; resolves when each has an answer. */
  send(client: string, operations: StoredOperation[]): Promise<void>;
}

/** Resolves when the unsent operations of all dead clients have an answer. */
export async function replayDead(ports: ReplayPorts): Promise<void> {
  const left = await ports.load();
  left.delete(ports.client);
  if (!left.size) return;
  await ports.locks.request(`replay:${ports.session}`, async () => {
    // Read again: another page may have sent them while this one waited.
    const waiting = [...(await ports.load()).entries()].filter(([id]) => id !== ports.client);
    // The earliest fencing number goes first: a later one closes the door behind it.
    waiting.sort(([, a], [, b]) => rank(a) - rank(b));
    for (const [client, operations] of waiting)
      await ports.locks.request(clientLock(client), { ifAvailable: true }, async (lock) => {
        if (lock) await ports.send(client, operations);
      });
  });
}

function rank(operations: readonly StoredOperation[]): number {
  return operations[0]?.fence ?? 0;
}
