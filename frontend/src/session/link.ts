/**
 * Keeps the page in step with the server: joins, catches up, sends what is unsent, and hands each
 * message of the stream to the part that it concerns.
 */
import { words } from '../i18n/saving';
import type {
  Ack,
  ClientMessage,
  Nack,
  Presence,
  Refused,
  ServerMessage,
  Welcome,
} from '../protocol.gen';
import { PROTOCOL_VERSION } from '../protocol.gen';
import type { StoredOperation } from './database';
import { asPlaygroundError } from './errors';
import type { Lease } from './lease';
import type { Outbox } from './outbox';
import { replayDead } from './replay';
import { type Credit, type Outgoing, Sender } from './sender';
import { isPassing, type Server } from './server';
import { type OpenSocket, Socket } from './socket';
import type { Store } from './store.svelte';
import type { Uploads } from './uploads';
import type { EndedReason } from './view';

const RESYNC_AGAIN_MS = 1_000;

export interface LinkPorts {
  session: string;
  address: string;
  client: string;
  tab(): string;
  store: Store;
  server: Server;
  outbox: Outbox;
  uploads: Uploads;
  credit: Credit;
  own(): Sender;
  lease(): Lease;
  locks: LockManager;
  open?: OpenSocket;
  welcomed(welcome: Welcome): void;
  /** In step with the server and nothing left unsent: called after each (re)connection. */
  joined(): void;
  online(online: boolean): void;
  presence(presence: Presence): void;
  complaint(refused: Refused): void;
  /** Work of a page that is gone was set aside. */
  orphaned(): void;
  ended(reason: EndedReason): void;
}

export class Link {
  readonly #socket: Socket;
  readonly #dead = new Map<string, Sender>();
  #connection = 0;
  #joined = false;
  #resyncing = false;
  #replaying: Promise<void> | null = null;

  constructor(private readonly ports: LinkPorts) {
    this.#socket = new Socket(
      ports.address,
      {
        hello: () => {
          const { epoch, seq } = ports.store.confirmed;
          const user = Number(ports.outbox.user);
          return { client: ports.client, tab: ports.tab(), epoch, seq, user };
        },
        seq: () => ports.store.confirmed.seq,
        message: (message) => this.#message(message),
        down: () => this.#down(),
        ended: (reason) => this.#end(reason),
      },
      ports.open,
    );
  }

  start(): void {
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
  }

  retryNow(): void {
    this.#socket.retryNow();
    this.ports.uploads.retryNow();
  }

  send(message: ClientMessage): boolean {
    return this.#joined && this.#socket.send(message);
  }

  /** The state here does not follow from the stream: take it whole from the server. */
  async resync(): Promise<void> {
    if (this.#resyncing) return;
    this.#resyncing = true;
    const connection = this.#connection;
    while (connection === this.#connection) {
      try {
        this.ports.store.replace(await this.ports.server.state());
        this.#socket.hello();
        break;
      } catch (error) {
        if (!isPassing(error)) {
          this.#end(asPlaygroundError(error).code === 'forbidden' ? 'forbidden' : 'gone');
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, RESYNC_AGAIN_MS));
      }
    }
    this.#resyncing = false;
  }

  #message(message: ServerMessage): void {
    const { ports } = this;
    switch (message.type) {
      case 'welcome':
        return this.#welcomed(message);
      case 'operations':
        for (const record of message.records) {
          const { client, n, seq, at } = record;
          this.#answer({ type: 'ack', client, n, seq, at });
          ports.store.confirm(record);
        }
        return;
      case 'ack':
      case 'nack':
        return this.#answer(message);
      case 'lease_granted':
        return ports.lease().onGranted(message.fence);
      case 'lease_refused':
        return ports.lease().onRefused(message);
      case 'lease_wanted':
        return ports.lease().onWanted(message);
      case 'presence':
        return ports.presence(message);
      case 'refused':
        return ports.complaint(message);
      case 'pong':
        return;
    }
  }

  #answer(answer: Ack | Nack): void {
    const { client } = answer;
    const sender = client === this.ports.client ? this.ports.own() : this.#dead.get(client);
    sender?.answer(answer);
  }

  #welcomed(welcome: Welcome): void {
    if (welcome.protocol !== PROTOCOL_VERSION) {
      this.#end('protocol');
      return;
    }
    this.ports.welcomed(welcome);
    if (welcome.resync || welcome.epoch !== this.ports.store.confirmed.epoch) {
      // Until the next hello the server takes nothing.
      this.#joined = false;
      for (const sender of this.#senders()) sender.pause();
      void this.resync();
      return;
    }
    this.#joined = true;
    this.ports.online(true);
    this.ports.uploads.retryNow();
    this.ports.credit.reset();
    for (const sender of this.#senders()) sender.resume();
    void this.#catchUp(this.#connection);
  }

  /** First what could not be sent, own and of closed tabs; only then the lease. */
  async #catchUp(connection: number): Promise<void> {
    await this.ports.own().drained();
    this.#replaying ??= this.#replay().finally(() => {
      this.#replaying = null;
    });
    await this.#replaying;
    if (connection !== this.#connection || !this.#joined) return;
    this.ports.joined();
    this.ports.lease().joined();
  }

  #senders(): Sender[] {
    return [this.ports.own(), ...this.#dead.values()];
  }

  #replay(): Promise<void> {
    const { session, client, locks, outbox } = this.ports;
    return replayDead({
      session,
      client,
      locks,
      load: () => outbox.operations(),
      send: (dead, operations) => this.#sendDead(dead, operations),
    });
  }

  async #sendDead(client: string, operations: readonly StoredOperation[]): Promise<void> {
    const { ports } = this;
    let orphaned = false;
    const setAside = async (item: Outgoing, code: string, message: string) => {
      orphaned = true;
      await ports.outbox.orphan({ ...item, client, needs: [...item.needs] }, code, message);
    };
    const settled: Promise<unknown>[] = [];
    const sender = new Sender(
      client,
      {
        push: (message) => this.send(message),
        upload: (needs) => ports.uploads.ensure(needs).then(() => undefined),
        answered: (item, answer) => {
          const { n, fence, operation } = item;
          if (answer.type === 'nack') settled.push(setAside(item, answer.code, answer.message));
          else {
            const { seq, at } = answer;
            settled.push(ports.outbox.remove(client, n, item.needs.length > 0));
            ports.store.confirm({ seq, at, client, n, fence, operation });
          }
        },
        broken: (items) => {
          const text = words.unknownBefore;
          settled.push(...items.map((item) => setAside(item, 'expect', text)));
        },
      },
      ports.credit,
    );
    this.#dead.set(client, sender);
    for (const operation of operations) sender.add(operation, true);
    if (this.#joined) sender.resume();
    await sender.drained();
    this.#dead.delete(client);
    await Promise.all(settled);
    if (orphaned) ports.orphaned();
  }

  #down(): void {
    this.#connection += 1;
    this.#joined = false;
    for (const sender of this.#senders()) sender.pause();
    this.ports.credit.reset();
    this.ports.lease().down();
    this.ports.online(false);
  }

  #end(reason: EndedReason): void {
    this.#socket.stop();
    this.#down();
    this.ports.ended(reason);
  }
}
