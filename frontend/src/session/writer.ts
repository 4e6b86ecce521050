/**
 * The way of an own operation: into the view, into the browser's database, to the server.
 *
 * The view shows it at once. It is sent when the database has it, and forgotten there when the
 * server has answered.
 */
import type { Ack, AnyOperation, Nack } from '../protocol.gen';
import type { PlaygroundError } from './errors';
import type { Outbox } from './outbox';
import type { Invalid } from './reducer';
import { type Credit, type Outgoing, Sender, type SenderPorts } from './sender';
import type { PackedBlob } from './server';
import type { Store } from './store.svelte';
import type { Uploads } from './uploads';

export interface WriterPorts {
  client: string;
  store: Store;
  outbox: Outbox;
  uploads: Uploads;
  credit: Credit;
  push: SenderPorts['push'];
  fence(): number;
  accepted(item: Outgoing): void;
  /** `trouble` is why blobs that the operation names were not taken. */
  refused(item: Outgoing, nack: Nack, trouble: PlaygroundError | null): void;
  /** The server lost this page's earlier operations: nothing more can be sent under its id. */
  broken(items: Outgoing[]): void;
  changed(): void;
}

export class Writer {
  readonly sender: Sender;
  #n = 0;
  readonly #troubles = new Map<number, PlaygroundError>();

  constructor(private readonly ports: WriterPorts) {
    const { client, push, credit } = ports;
    this.sender = new Sender(
      client,
      {
        push,
        upload: (needs, n) => this.#upload(needs, n),
        answered: (item, answer) => this.#answered(item, answer),
        broken: (items) => ports.broken(items),
      },
      credit,
    );
  }

  /** Gives the operation's number, or why it does not fit the state. */
  append(
    operation: AnyOperation,
    needs: string[] = [],
    blobs: Map<string, PackedBlob> = new Map(),
  ): number | Invalid {
    const { client, store, outbox, fence } = this.ports;
    const n = this.#n + 1;
    const own = { client, n, fence: fence(), at: Date.now(), operation };
    const invalid = store.propose(own);
    if (invalid) return invalid;
    this.#n = n;
    this.sender.add({ ...own, needs }, false);
    const rows = [...blobs].map(([hash, blob]) => ({ hash, ...blob }));
    // Whether or not it could be kept here, it is sent: the server keeps it better.
    void outbox.add({ ...own, needs }, rows).then(() => this.sender.stored(n));
    this.ports.changed();
    return n;
  }

  async #upload(needs: readonly string[], n: number): Promise<void> {
    const trouble = await this.ports.uploads.ensure(needs);
    if (trouble) this.#troubles.set(n, trouble);
  }

  #answered(item: Outgoing, answer: Ack | Nack): void {
    const { client, store, outbox } = this.ports;
    const { n, fence, operation } = item;
    const trouble = this.#troubles.get(n) ?? null;
    this.#troubles.delete(n);
    if (answer.type === 'ack') {
      store.confirm({ seq: answer.seq, at: answer.at, client, n, fence, operation });
      void outbox.remove(client, n, item.needs.length > 0);
      this.ports.accepted(item);
    } else {
      store.refuse(client, n);
      this.ports.refused(item, answer, trouble);
    }
    this.ports.changed();
  }
}
