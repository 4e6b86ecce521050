/**
 * What this page wrote and the server has not acknowledged, kept in the browser's database.
 *
 * Writes are gathered for a moment, and while one transaction runs, everything that comes is put into
 * the next, in order. Forgetting what the server has can wait: sent twice, it counts once. A database that fails (none in private windows of some browsers, a full disk) is told
 * once; the page goes on and sends from memory.
 */
import type { IDBPTransaction } from 'idb';
import {
  type Database,
  openDatabase,
  rangeOf,
  type Schema,
  type StoredBlob,
  type StoredOperation,
  type StoredOrphan,
} from './database';

type Transaction = IDBPTransaction<Schema, ('operations' | 'orphans' | 'blobs')[], 'readwrite'>;

/** How long writes wait for company, ms: those that must be on disk, and those that forget. */
const GATHER_MS = 8;
const FORGET_MS = 250;

interface Job {
  urgent: boolean;
  run(transaction: Transaction): Promise<unknown>;
  done(stored: boolean): void;
}

export type NewOperation = Omit<StoredOperation, 'user' | 'session'>;
export type NewBlob = Omit<StoredBlob, 'user' | 'session'>;

export class Outbox {
  readonly #database: Promise<Database>;
  #jobs: Job[] = [];
  #writing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether only jobs that can wait are waiting. */
  #lazy = false;
  #failed = false;

  constructor(
    readonly user: string,
    private readonly session: string,
    private readonly onTrouble: (error: unknown) => void,
    open: () => Promise<Database> = openDatabase,
  ) {
    this.#database = open();
    this.#database.catch((error: unknown) => this.#trouble(error));
  }

  /** Whether everything written so far is on this device's disk. */
  get reliable(): boolean {
    return !this.#failed;
  }

  /** Keeps an operation with bytes it needs; resolves when on disk (false: it could not be). */
  add(operation: NewOperation, blobs: readonly NewBlob[] = []): Promise<boolean> {
    const owner = { user: this.user, session: this.session };
    return this.#write(async (transaction) => {
      const store = transaction.objectStore('blobs');
      await Promise.all(blobs.map((blob) => store.put({ ...blob, ...owner })));
      await transaction.objectStore('operations').put({ ...operation, ...owner });
    });
  }

  /** Forgets an answered operation, and blobs that nothing needs any more. */
  remove(client: string, n: number, hadNeeds: boolean): Promise<boolean> {
    return this.#write(async (transaction) => {
      await transaction.objectStore('operations').delete(this.#key(client, n));
      if (hadNeeds) await this.#collect(transaction);
    }, false);
  }

  /** Sets a refused operation aside, for the person to decide. */
  orphan(operation: NewOperation, code: string, message: string): Promise<boolean> {
    const owner = { user: this.user, session: this.session };
    return this.#write(async (transaction) => {
      const orphan = { ...operation, ...owner, code, message };
      await transaction.objectStore('orphans').put(orphan);
      await transaction.objectStore('operations').delete(this.#key(operation.client, operation.n));
    });
  }

  forgetOrphans(orphans: readonly StoredOrphan[]): Promise<boolean> {
    return this.#write(async (transaction) => {
      const store = transaction.objectStore('orphans');
      await Promise.all(orphans.map(({ client, n }) => store.delete(this.#key(client, n))));
      await this.#collect(transaction);
    });
  }

  /** Unsent operations of the user in this session, by client, each in order. */
  async operations(): Promise<Map<string, StoredOperation[]>> {
    const rows = await this.#read((database) =>
      database.getAll('operations', rangeOf(this.user, this.session)),
    );
    return byClient(rows ?? []);
  }

  async orphans(): Promise<StoredOrphan[]> {
    const range = rangeOf(this.user, this.session);
    return (await this.#read((database) => database.getAll('orphans', range))) ?? [];
  }

  blob(hash: string): Promise<StoredBlob | undefined> {
    return this.#read((database) => database.get('blobs', [this.user, this.session, hash]));
  }

  #key(client: string, n: number): [string, string, string, number] {
    return [this.user, this.session, client, n];
  }

  async #collect(transaction: Transaction): Promise<void> {
    const range = rangeOf(this.user, this.session);
    const [operations, orphans, blobs] = await Promise.all([
      transaction.objectStore('operations').getAll(range),
      transaction.objectStore('orphans').getAll(range),
      transaction.objectStore('blobs').getAllKeys(range),
    ]);
    const needed = new Set([...operations, ...orphans].flatMap((row) => row.needs));
    const store = transaction.objectStore('blobs');
    const unneeded = blobs.filter(([, , hash]) => !needed.has(hash));
    await Promise.all(unneeded.map((key) => store.delete(key)));
  }

  async #read<Row>(read: (database: Database) => Promise<Row>): Promise<Row | undefined> {
    try {
      return await read(await this.#database);
    } catch (error) {
      this.#trouble(error);
      return undefined;
    }
  }

  #write(run: Job['run'], urgent = true): Promise<boolean> {
    return new Promise((done) => {
      this.#jobs.push({ run, done, urgent });
      this.#plan(urgent);
    });
  }

  #plan(urgent: boolean): void {
    if (this.#writing || (this.#timer && !(urgent && this.#lazy))) return;
    clearTimeout(this.#timer);
    this.#lazy = !urgent;
    this.#timer = setTimeout(() => void this.#flush(), urgent ? GATHER_MS : FORGET_MS);
  }

  async #flush(): Promise<void> {
    this.#writing = true;
    this.#timer = undefined;
    const jobs = this.#jobs;
    this.#jobs = [];
    const stored = await this.#commit(jobs);
    for (const job of jobs) job.done(stored);
    this.#writing = false;
    if (this.#jobs.length) this.#plan(this.#jobs.some(({ urgent }) => urgent));
  }

  async #commit(jobs: readonly Job[]): Promise<boolean> {
    try {
      const database = await this.#database;
      const transaction = database.transaction(['operations', 'orphans', 'blobs'], 'readwrite', {
        durability: jobs.some(({ urgent }) => urgent) ? 'strict' : 'relaxed',
      });
      // A request that fails aborts the transaction, whose end then says so.
      const requests = jobs.map((job) => job.run(transaction));
      await Promise.all([...requests, transaction.done]);
      return true;
    } catch (error) {
      this.#trouble(error);
      return false;
    }
  }

  #trouble(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.onTrouble(error);
  }
}

/** Rows by the client that wrote them, each client's in the order of their numbers. */
export function byClient<Row extends StoredOperation>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.client, [...(groups.get(row.client) ?? []), row]);
  return groups;
}
