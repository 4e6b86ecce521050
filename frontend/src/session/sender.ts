/**
 * Sends the operations of one client in the order of their numbers and waits for the answers.
 *
 * An operation leaves only when it is in the browser's database and the blobs it names are on the
 * server, and never past the credit that the protocol allows. After a lost connection everything
 * unanswered is sent again: the server knows the numbers it has seen.
 */
import {
  type Ack,
  type AnyOperation,
  MAX_UNACKNOWLEDGED_OPERATIONS,
  type Nack,
  type Push,
} from '../protocol.gen';
import { wireBytes } from './sizes';

const MAX_PUSH_BYTES = 180_000;
const MAX_UNANSWERED_BYTES = 1024 * 1024;

export interface Outgoing {
  n: number;
  fence: number;
  operation: AnyOperation;
  needs: readonly string[];
  at: number;
}

interface Item extends Outgoing {
  bytes: number;
  stored: boolean;
  /** `upload` while the blobs it needs are on their way. */
  blobs: 'needed' | 'upload' | 'there';
  sent: boolean;
}

export interface SenderPorts {
  /** False when the connection is down. */
  push(message: Push): boolean;
  /** Brings blobs to the server; resolves also when the server will not have them. */
  upload(needs: readonly string[], n: number): Promise<void>;
  answered(item: Outgoing, answer: Ack | Nack): void;
  /** The server does not know the numbers before these: they cannot be sent under this id. */
  broken(items: Outgoing[]): void;
}

/** What one connection may have unanswered, shared by all who send on it. */
export class Credit {
  #operations = 0;
  #bytes = 0;

  take(bytes: number): boolean {
    const fits = this.#operations === 0 || this.#bytes + bytes <= MAX_UNANSWERED_BYTES;
    if (!fits || this.#operations >= MAX_UNACKNOWLEDGED_OPERATIONS) return false;
    this.#operations += 1;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#operations = Math.max(0, this.#operations - 1);
    this.#bytes = Math.max(0, this.#bytes - bytes);
  }

  reset(): void {
    this.#operations = 0;
    this.#bytes = 0;
  }
}

export class Sender {
  #items: Item[] = [];
  #connected = false;
  #waiting: { upTo: number; done(): void }[] = [];

  constructor(
    readonly client: string,
    private readonly ports: SenderPorts,
    private readonly credit: Credit,
  ) {}

  /** Operations without an answer, in order. */
  get unanswered(): readonly Outgoing[] {
    return this.#items;
  }

  add(outgoing: Outgoing, stored: boolean): void {
    const bytes = wireBytes(outgoing.operation) + 60;
    const blobs = outgoing.needs.length ? 'needed' : 'there';
    this.#items.push({ ...outgoing, bytes, stored, blobs, sent: false });
    this.pump();
  }

  /** The operation is in the browser's database, or cannot be and must go without. */
  stored(n: number): void {
    const item = this.#items.find((candidate) => candidate.n === n);
    if (item) item.stored = true;
    this.pump();
  }

  /** A connection was made: everything unanswered goes again. */
  resume(): void {
    this.#connected = true;
    for (const item of this.#items) item.sent = false;
    this.pump();
  }

  pause(): void {
    this.#connected = false;
  }

  /** Resolves when all that was added until now has an answer. */
  drained(): Promise<void> {
    const last = this.#items.at(-1);
    if (!last) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ upTo: last.n, done }));
  }

  pump(): void {
    this.#startUploads();
    for (let frame = this.#frame(); frame.length; frame = this.#frame()) {
      const operations = frame.map(({ n, fence, operation }) => ({ n, fence, operation }));
      const sent = this.ports.push({ type: 'push', client: this.client, operations });
      if (sent) continue;
      for (const item of frame) item.sent = false;
      return;
    }
  }

  answer(answer: Ack | Nack): void {
    if (answer.type === 'nack' && answer.code === 'expect') {
      this.#rewind(answer.expect ?? answer.n);
      return;
    }
    const index = this.#items.findIndex((item) => item.n === answer.n);
    const item = this.#items[index];
    if (!item) return;
    this.#items.splice(index, 1);
    if (item.sent) this.credit.give(item.bytes);
    this.ports.answered(item, answer);
    this.#settle();
    this.pump();
  }

  #settle(): void {
    const first = this.#items[0]?.n ?? Infinity;
    const done = this.#waiting.filter(({ upTo }) => upTo < first);
    this.#waiting = this.#waiting.filter(({ upTo }) => upTo >= first);
    for (const waiter of done) waiter.done();
  }

  #rewind(expect: number): void {
    const first = this.#items[0];
    if (!first) return;
    if (expect < first.n) {
      const items = this.#items;
      this.#items = [];
      for (const item of items) if (item.sent) this.credit.give(item.bytes);
      this.ports.broken(items);
      this.#settle();
      return;
    }
    for (const item of this.#items) {
      if (!item.sent || item.n < expect) continue;
      item.sent = false;
      this.credit.give(item.bytes);
    }
    this.pump();
  }

  #frame(): Item[] {
    const frame: Item[] = [];
    if (!this.#connected) return frame;
    let bytes = 0;
    for (const item of this.#items) {
      if (item.sent) continue;
      if (!item.stored || item.blobs !== 'there') break;
      const full =
        frame.length === MAX_UNACKNOWLEDGED_OPERATIONS || bytes + item.bytes > MAX_PUSH_BYTES;
      if ((frame.length && full) || !this.credit.take(item.bytes)) break;
      item.sent = true;
      bytes += item.bytes;
      frame.push(item);
    }
    return frame;
  }

  /** Uploads begin at once and beside each other; only the sending keeps the order. */
  #startUploads(): void {
    if (!this.#connected) return;
    for (const item of this.#items) {
      if (item.blobs !== 'needed') continue;
      item.blobs = 'upload';
      void this.ports.upload(item.needs, item.n).finally(() => {
        item.blobs = 'there';
        this.pump();
      });
    }
  }
}
