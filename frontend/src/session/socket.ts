/**
 * The connection to the server: opens it, greets, keeps it alive, and opens it again when it dies.
 *
 * What the messages mean is not known here. The wait before the next attempt is random up to a
 * bound that grows with the outage: a cable that was out for seconds is used within a second, a
 * server that was down for long is not stormed.
 */
import {
  type ClientMessage,
  CLOSE_FLOOD,
  CLOSE_FORBIDDEN,
  CLOSE_GONE,
  CLOSE_PROTOCOL,
  CLOSE_SIGNED_OUT,
  type Hello,
  MAX_FRAME_BYTES,
  PROTOCOL_VERSION,
  type ServerMessage,
} from '../protocol.gen';
import type { EndedReason } from './view';

const PING_MS = 10_000;
const DEAD_MS = 25_000;
const OPEN_TIMEOUT_MS = 10_000;
const MIN_WAIT_MS = 50;
const MAX_WAIT_MS = 30_000;
const FLOOD_WAIT_MS = 5_000;
/** A connection that held for so long ends an outage; one that is closed at once does not. */
const STABLE_MS = 5_000;
const CONFIRM_CHARS = 100_000;
const CONFIRM_MS = 1_000;

/** Codes after which the server will not have this page again, and why. */
const FINAL = new Map<number, Exclude<EndedReason, 'gone'>>([
  [CLOSE_PROTOCOL, 'protocol'],
  [CLOSE_FORBIDDEN, 'forbidden'],
  [CLOSE_GONE, 'binned'],
  [CLOSE_SIGNED_OUT, 'signed-out'],
]);

export interface SocketPorts {
  hello(): Omit<Hello, 'type' | 'protocol'>;
  /** The last operation that was taken. */
  seq(): number;
  message(message: ServerMessage): void;
  /** The connection is gone; another attempt follows. */
  down(): void;
  /** The server will not have this page: no further attempt. */
  ended(reason: Exclude<EndedReason, 'gone'>): void;
}

export type OpenSocket = (address: string, protocol: string) => WebSocket;

/** The bound of the random wait after an outage of `outageMs`. */
export function waitBound(outageMs: number): number {
  return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, outageMs / 4));
}

export class Socket {
  #socket: WebSocket | null = null;
  #stopped = true;
  #lostAt = 0;
  #openedAt = Infinity;
  #heardAt = 0;
  #unconfirmed = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #openTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #confirmTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly address: string,
    private readonly ports: SocketPorts,
    private readonly open: OpenSocket = (url, protocol) => new WebSocket(url, protocol),
  ) {}

  start(): void {
    this.#stopped = false;
    this.#lostAt = performance.now();
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
  }

  /** Sends when the connection is open; false otherwise, and for a frame that is too large. */
  send(message: ClientMessage): boolean {
    if (!this.#socket || this.#socket.readyState !== this.#socket.OPEN) return false;
    const frame = JSON.stringify(message);
    if (frame.length > MAX_FRAME_BYTES) return false;
    this.#socket.send(frame);
    return true;
  }

  /** Says where this page stands; the server follows with what is newer. */
  hello(): void {
    this.send({ type: 'hello', protocol: PROTOCOL_VERSION, ...this.ports.hello() });
  }

  /** Tries at once, when there is a reason to believe that it works now. */
  retryNow(): void {
    if (this.#stopped || this.#socket) return;
    clearTimeout(this.#retryTimer);
    this.#connect();
  }

  #connect(): void {
    let socket: WebSocket;
    try {
      socket = this.open(this.address, `playground.${PROTOCOL_VERSION}`);
    } catch {
      this.#retryIn(MAX_WAIT_MS);
      return;
    }
    this.#socket = socket;
    this.#openTimer = setTimeout(() => this.#lost(socket), OPEN_TIMEOUT_MS);
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = ({ data }) => this.#received(socket, data);
    socket.onclose = ({ code }) => this.#lost(socket, code);
  }

  #opened(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#openTimer);
    this.#heardAt = this.#openedAt = performance.now();
    this.#pingTimer = setInterval(() => this.#ping(socket), PING_MS);
    this.hello();
  }

  #ping(socket: WebSocket): void {
    if (performance.now() - this.#heardAt > DEAD_MS) this.#lost(socket);
    else this.send({ type: 'ping' });
  }

  #received(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket || typeof data !== 'string') return;
    this.#heardAt = performance.now();
    let message: ServerMessage;
    try {
      message = JSON.parse(data) as ServerMessage;
    } catch {
      this.#lost(socket);
      return;
    }
    this.ports.message(message);
    if (message.type !== 'pong') this.#confirm(data.length);
  }

  #confirm(chars: number): void {
    this.#unconfirmed += chars;
    if (this.#unconfirmed > CONFIRM_CHARS) this.#confirmNow();
    else this.#confirmTimer ??= setTimeout(() => this.#confirmNow(), CONFIRM_MS);
  }

  #confirmNow(): void {
    clearTimeout(this.#confirmTimer);
    this.#confirmTimer = undefined;
    this.#unconfirmed = 0;
    this.send({ type: 'received', seq: this.ports.seq() });
  }

  #lost(socket: WebSocket, code = 0): void {
    if (socket !== this.#socket) return;
    this.#drop();
    const now = performance.now();
    if (now - this.#openedAt > STABLE_MS) this.#lostAt = now;
    this.#openedAt = Infinity;
    this.ports.down();
    if (this.#stopped) return;
    const reason = FINAL.get(code);
    if (reason) {
      this.#stopped = true;
      this.ports.ended(reason);
      return;
    }
    const wait = Math.random() * waitBound(now - this.#lostAt);
    this.#retryIn(code === CLOSE_FLOOD ? FLOOD_WAIT_MS + wait : wait);
  }

  #retryIn(ms: number): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.retryNow(), ms);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#openTimer);
    clearTimeout(this.#confirmTimer);
    clearTimeout(this.#retryTimer);
    clearInterval(this.#pingTimer);
    this.#confirmTimer = undefined;
    this.#unconfirmed = 0;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
