/**
 * Offers work that the session could not take: as a session of its own, or as a text to keep.
 * Until the person has chosen, it stays in the browser's database.
 */
import { words } from '../i18n/saving';
import type { StoredOperation, StoredOrphan } from './database';
import { asPlaygroundError } from './errors';
import { byClient, type Outbox } from './outbox';
import { Credit, Sender } from './sender';
import type { PackedBlob, Server } from './server';
import { describe, lastCommonEntry, planSeparate, worthKeeping } from './separate';
import { type OpenSocket, Socket } from './socket';
import type { Store } from './store.svelte';
import { newId } from './tab';
import { Uploads } from './uploads';
import type { EndedReason } from './view';
import type { LiveView } from './view.svelte';

/** Ends after which nothing of this page can be sent, although its person is still there. */
const CLOSED_TO_ONE: ReadonlySet<EndedReason> = new Set(['forbidden', 'gone', 'binned']);

export interface OrphanPorts {
  view: LiveView;
  store: Store;
  server: Server;
  outbox: Outbox;
  serverOf(session: string): Server;
  address(session: string): string;
  open?: OpenSocket;
  find(hash: string): Promise<PackedBlob | undefined>;
  go(url: string): void;
}

export class Orphans {
  #offered = new Set<string>();

  constructor(private readonly ports: OrphanPorts) {}

  /** Looks for work that was set aside and offers what was not offered yet. */
  async offer(): Promise<void> {
    for (const [client, orphans] of byClient(await this.ports.outbox.orphans())) {
      if (!worthKeeping(orphans)) await this.ports.outbox.forgetOrphans(orphans);
      else if (!this.#offered.has(client)) {
        this.#offered.add(client);
        this.#tell(client);
      }
    }
  }

  /**
   * The session is closed to this person: what was not sent can only be taken along as a text. It
   * also stays in the browser's database, to be sent if they are let in again.
   */
  async rescue(reason: EndedReason): Promise<void> {
    if (!CLOSED_TO_ONE.has(reason)) return;
    for (const [client, operations] of await this.ports.outbox.operations()) {
      if (!worthKeeping(operations)) continue;
      this.ports.view.tell({
        level: 'warning',
        text: words.unsentOnly,
        details: describe(operations),
        action: { label: words.downloadIt, run: () => this.#saveAsText(client, operations) },
      });
    }
  }

  #tell(client: string): void {
    void this.#of(client).then((orphans) => {
      const details = [...describe(orphans), orphans[0]?.message ?? ''].filter(Boolean);
      const view = this.ports.view;
      const first = view.tell({
        level: 'warning',
        text: words.notAdded,
        details,
        action: { label: words.openSeparate, run: () => void this.#open(client) },
      });
      view.tell({
        level: 'info',
        text: words.alsoAsText,
        action: {
          label: words.downloadIt,
          run: () => void this.#download(client, () => view.dismiss(first)),
        },
      });
    });
  }

  async #of(client: string): Promise<StoredOrphan[]> {
    const orphans = await this.ports.outbox.orphans();
    return orphans.filter((orphan) => orphan.client === client);
  }

  async #open(client: string): Promise<void> {
    try {
      const orphans = await this.#of(client);
      const origin = this.ports.store.confirmed;
      const { id, url } = await this.ports.server.fork(lastCommonEntry(orphans, origin));
      const server = this.ports.serverOf(id);
      const fork = await server.state();
      const planned = planSeparate(orphans, origin, fork);
      await this.#push(id, fork, server, planned);
      await this.ports.outbox.forgetOrphans(orphans);
      this.ports.go(url);
    } catch (error) {
      const details = [asPlaygroundError(error).message];
      const text = words.notSeparate;
      this.ports.view.tell({ level: 'error', text, details });
    }
  }

  /** Joins the new session as its runner for as long as the work takes to send. */
  async #push(
    session: string,
    { epoch, seq }: { epoch: string; seq: number },
    server: Server,
    planned: ReturnType<typeof planSeparate>,
  ): Promise<void> {
    const client = newId();
    const uploads = new Uploads({ server, find: (hash) => this.ports.find(hash) });
    await new Promise<void>((resolve, reject) => {
      const sender = new Sender(
        client,
        {
          push: (message) => socket.send(message),
          upload: (needs) => uploads.ensure(needs).then(() => undefined),
          answered: (_item, answer) => {
            if (answer.type === 'nack') fail(answer.message);
          },
          broken: () => fail(words.lostPage),
        },
        new Credit(),
      );
      const socket: Socket = new Socket(
        this.ports.address(session),
        {
          hello: () => ({ client, tab: client, epoch, seq, user: Number(this.ports.outbox.user) }),
          seq: () => seq,
          down: () => sender.pause(),
          ended: () => fail(words.cannotOpen),
          message: (message) => {
            if (message.type === 'welcome') socket.send({ type: 'acquire_lease', takeover: false });
            else if (message.type === 'lease_refused') fail(message.message);
            else if (message.type === 'ack' || message.type === 'nack') sender.answer(message);
            else if (message.type === 'lease_granted') begin(message.fence);
          },
        },
        this.ports.open,
      );
      const fail = (message: string) => {
        socket.stop();
        reject(new Error(message));
      };
      let begun = false;
      const begin = (fence: number) => {
        if (!begun)
          planned.forEach((plan, index) => sender.add({ ...plan, n: index + 1, fence }, true));
        begun = true;
        sender.resume();
        void sender.drained().then(() => {
          socket.send({ type: 'release_lease', fence, reserved: null });
          socket.stop();
          resolve();
        });
      };
      socket.start();
    });
  }

  async #download(client: string, done: () => void): Promise<void> {
    const orphans = await this.#of(client);
    this.#saveAsText(client, orphans);
    await this.ports.outbox.forgetOrphans(orphans);
    done();
  }

  #saveAsText(client: string, operations: readonly StoredOperation[]): void {
    const { id: session, title } = this.ports.store.confirmed;
    const text = JSON.stringify({ session, title, operations }, undefined, 2);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = `work-${client.slice(0, 8)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}
