/**
 * The browser's own database: what this browser has not got acknowledged yet.
 *
 * Everything is keyed by user and session, so nothing is ever sent as somebody else. `operations`
 * wait for an answer, `blobs` are bytes that such operations name, `orphans` are operations that
 * the server refused and that the person may still want.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { AnyOperation } from '../protocol.gen';

export const DATABASE = 'playground';

export interface StoredOperation {
  user: string;
  session: string;
  client: string;
  n: number;
  fence: number;
  operation: AnyOperation;
  /** Hashes of the blobs that must be on the server before this operation is sent. */
  needs: string[];
  /** This browser's clock in ms since 1970, for showing only. */
  at: number;
}

export interface StoredOrphan extends StoredOperation {
  code: string;
  message: string;
}

export interface StoredBlob {
  user: string;
  session: string;
  hash: string;
  body: ArrayBuffer;
  gzip: boolean;
  size: number;
}

type OperationKey = [user: string, session: string, client: string, n: number];

export interface Schema extends DBSchema {
  operations: { key: OperationKey; value: StoredOperation };
  orphans: { key: OperationKey; value: StoredOrphan };
  blobs: { key: [user: string, session: string, hash: string]; value: StoredBlob };
}

export type Database = IDBPDatabase<Schema>;

export function openDatabase(): Promise<Database> {
  return openDB<Schema>(DATABASE, 1, {
    upgrade(database) {
      const keyPath = ['user', 'session', 'client', 'n'];
      database.createObjectStore('operations', { keyPath });
      database.createObjectStore('orphans', { keyPath });
      database.createObjectStore('blobs', { keyPath: ['user', 'session', 'hash'] });
    },
    blocking(_current, _blocked, event) {
      // Signing out in another tab deletes the database; an open connection would hold it up.
      (event.target as IDBDatabase | null)?.close();
    },
  });
}

/** Everything of one session of a user, as a key range; without `session`, all of the user's. */
export function rangeOf(user: string, session?: string): IDBKeyRange {
  const start = session === undefined ? [user] : [user, session];
  return IDBKeyRange.bound(start, [...start, []]);
}

export function deleteDatabase(): Promise<void> {
  return deleteDB(DATABASE);
}
