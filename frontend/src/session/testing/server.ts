/**
 * The network with a server at its far end, for tests: sockets that can be cut, and the rules of
 * docs/protocol.md applied in memory with the shared reducer.
 */
import {
  CLOSE_FORBIDDEN,
  type ClientMessage,
  type NackCode,
  PROTOCOL_VERSION,
  type Push,
  type Record as OperationRecord,
  type Sent,
  type ServerMessage,
  type SessionState,
} from '../../protocol.gen';
import { applyOperation, Invalid } from '../reducer';
import { Server } from '../server';

export function emptyState(): SessionState {
  return {
    id: 'a'.repeat(32),
    epoch: 'e1',
    seq: 0,
    title: 'Test',
    nextNumber: 1,
    entriesFrom: 1,
    entries: [],
    variables: [],
    files: [],
    snapshots: [],
    head: null,
    marks: [],
    remakes: [],
    runner: null,
    reserved: null,
  };
}

export class TestSocket {
  readonly OPEN = 1;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  client = '';
  tab = '';
  readonly sent: ClientMessage[] = [];

  constructor(private readonly far: TestServer) {
    queueMicrotask(() => {
      if (far.isCut) this.die(1006);
      else {
        this.readyState = 1;
        this.onopen?.();
      }
    });
  }

  send(frame: string): void {
    const message = JSON.parse(frame) as ClientMessage;
    this.sent.push(message);
    queueMicrotask(() => {
      if (this.readyState === 1 && !this.far.isCut) this.far.receive(this, message);
    });
  }

  close(): void {
    this.readyState = 3;
    this.far.sockets.delete(this);
  }

  say(message: ServerMessage): void {
    const data = JSON.stringify(message);
    queueMicrotask(() => {
      if (this.readyState === 1) this.onmessage?.({ data });
    });
  }

  die(code: number): void {
    this.close();
    this.onclose?.({ code });
  }
}

type Refuse = (sent: Sent, client: string) => NackCode | null;

export class TestServer {
  state: SessionState;
  readonly log: OperationRecord[] = [];
  readonly sockets = new Set<TestSocket>();
  readonly blobs = new Map<string, ArrayBuffer>();
  /** Every push in the order of arrival, as `client:n`. */
  readonly arrived: string[] = [];
  isCut = false;
  /** Answers of the server's policy that a test wants. */
  refuse: Refuse = () => null;
  /** Whose connections do not come through. */
  keepOut: (client: string) => boolean = () => false;
  /** Whether pages are told that their person may not be here. */
  turnAway = false;
  fence = 0;
  writtenFence = 0;
  clock = 1_000;
  readonly cursors = new Map<string, number>();
  readonly #answers = new Map<string, ServerMessage>();
  readonly #fences = new Map<number, string>();

  constructor(state = emptyState()) {
    this.state = state;
  }

  /** The session made by a fork of this one. */
  forked: TestServer | null = null;

  of(session: string): TestServer {
    return this.forked?.state.id === session ? this.forked : this;
  }

  open = (): WebSocket => new TestSocket(this) as unknown as WebSocket;

  http(): Server {
    return new Server(this.state.id, async (address, init) => this.#request(address, init));
  }

  cut(): void {
    this.isCut = true;
    for (const socket of [...this.sockets]) socket.die(1006);
  }

  mend(): void {
    this.isCut = false;
  }

  /** The server's own operations, such as a lease that ran out. */
  apply(operation: OperationRecord['operation'], client = 'server', n = 0, fence = 0) {
    const seq = this.state.seq + 1;
    const record = { seq, at: (this.clock += 1), client, n, fence, operation };
    const after = applyOperation(this.state, record);
    if (after instanceof Invalid) return after;
    this.state = after;
    this.log.push(record);
    for (const socket of this.sockets)
      if (socket.client && socket.client !== client)
        socket.say({ type: 'operations', records: [record] });
    return record;
  }

  receive(socket: TestSocket, message: ClientMessage): void {
    switch (message.type) {
      case 'hello': {
        if (this.keepOut(message.client)) return socket.die(1006);
        if (this.turnAway) return socket.die(CLOSE_FORBIDDEN);
        socket.client = message.client;
        socket.tab = message.tab;
        this.sockets.add(socket);
        const { epoch, seq } = this.state;
        const resync = message.epoch !== epoch;
        const acknowledged = this.cursors.get(message.client) ?? 0;
        socket.say({
          type: 'welcome',
          protocol: PROTOCOL_VERSION,
          epoch,
          seq,
          name: 'Ada',
          role: 'owner',
          resync,
          acknowledged,
          forks: true,
        });
        const records = this.log.filter((record) => record.seq > message.seq);
        if (!resync && records.length) socket.say({ type: 'operations', records });
        return;
      }
      case 'push':
        return this.#push(socket, message);
      case 'acquire_lease':
        return this.#acquire(socket, message.takeover);
      case 'release_lease':
        this.apply({ type: 'set_runner', runner: null, reserved: message.reserved });
        return;
      case 'ping':
        return socket.say({ type: 'pong' });
      case 'received':
        return;
    }
  }

  #push(socket: TestSocket, { client, operations }: Push): void {
    for (const sent of operations) {
      const answer = this.#take(client, sent);
      socket.say(answer);
      if (answer.type === 'nack' && answer.code === 'expect') return;
    }
  }

  #take(client: string, sent: Sent): ServerMessage {
    const { n, fence, operation } = sent;
    this.arrived.push(`${client.slice(0, 4)}:${n}`);
    const last = this.cursors.get(client) ?? 0;
    const key = `${client}:${n}`;
    const no = (code: NackCode, message: string, expect: number | null = null): ServerMessage => ({
      type: 'nack',
      client,
      n,
      code,
      message,
      expect,
    });
    if (n > last + 1) return no('expect', 'skipped', last + 1);
    const known = this.#answers.get(key);
    if (known) return known;
    this.cursors.set(client, n);
    const refused = this.refuse(sent, client) ?? this.#fenced(fence) ?? this.#missing(operation);
    let answer: ServerMessage;
    if (refused) answer = no(refused, `refused: ${refused}`);
    else {
      const record = this.apply(operation, client, n, fence);
      if (record instanceof Invalid) answer = no('invalid', record.reason);
      else {
        this.writtenFence = Math.max(this.writtenFence, fence);
        answer = { type: 'ack', client, n, seq: record.seq, at: record.at };
      }
    }
    this.#answers.set(key, answer);
    return answer;
  }

  #fenced(fence: number): NackCode | null {
    return fence < this.writtenFence || fence > this.fence ? 'fenced' : null;
  }

  #missing(operation: OperationRecord['operation']): NackCode | null {
    if (operation.type !== 'snapshot_saved') return null;
    return this.blobs.has(operation.manifest.hash) ? null : 'missing';
  }

  #acquire(socket: TestSocket, takeover: boolean): void {
    const { runner, reserved } = this.state;
    const own = runner && (runner.tab === socket.tab || runner.client === socket.client);
    if (runner && !own) {
      const holder = [...this.sockets].find(({ client }) => client === runner.client);
      if (takeover) holder?.say({ type: 'lease_wanted', tab: socket.tab, name: 'Ada' });
      socket.say({ type: 'lease_refused', runner, message: 'held' });
      return;
    }
    if (!runner && reserved && reserved !== socket.tab) {
      socket.say({ type: 'lease_refused', runner: null, message: 'reserved' });
      return;
    }
    if (this.#fences.get(this.fence) !== socket.client) this.fence += 1;
    this.#fences.set(this.fence, socket.client);
    const { tab, client } = socket;
    socket.say({ type: 'lease_granted', fence: this.fence });
    this.apply({
      type: 'set_runner',
      runner: { tab, client, member: 'Ada', fence: this.fence },
      reserved: null,
    });
  }

  async #request(address: string, init: RequestInit): Promise<Response> {
    await Promise.resolve();
    if (this.isCut) throw new TypeError('network');
    const hash = /\/blobs\/([0-9a-f]{64})$/.exec(address)?.[1];
    if (address.endsWith('/state')) return Response.json(this.state);
    if (address.endsWith('/fork')) {
      const { number = 0 } = JSON.parse(String(init.body)) as { number?: number };
      this.forked = new TestServer(forkOf(this.state, number));
      return Response.json({ id: this.forked.state.id, url: '/s/forked' });
    }
    if (address.endsWith('/lacks')) {
      const { hashes } = JSON.parse(String(init.body)) as { hashes: string[] };
      return Response.json({ lacks: hashes.filter((wanted) => !this.blobs.has(wanted)) });
    }
    if (hash && init.method === 'PUT') {
      const gzip = new Headers(init.headers).get('Content-Encoding') === 'gzip';
      this.blobs.set(hash, await inflated(init.body as ArrayBuffer, gzip));
      return new Response(null, { status: 204 });
    }
    const bytes = hash && this.blobs.get(hash);
    if (bytes) return new Response(bytes.slice(0));
    return Response.json(
      { code: 'not-found', message: 'There is no such thing.' },
      { status: 404 },
    );
  }
}

function inflated(body: ArrayBuffer, gzip: boolean): Promise<ArrayBuffer> {
  const stream = new Blob([body]).stream();
  const plain = gzip ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
  return new Response(plain as ReadableStream).arrayBuffer();
}

function forkOf(state: SessionState, number: number): SessionState {
  const snapshots = state.snapshots.filter((info) => info.number <= number);
  return {
    ...state,
    id: 'f'.repeat(32),
    epoch: 'forked',
    seq: 0,
    nextNumber: number + 1,
    entries: state.entries.filter((entry) => entry.number <= number),
    snapshots,
    head: snapshots.at(-1)?.id ?? null,
    runner: null,
    reserved: null,
  };
}
