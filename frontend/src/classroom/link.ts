/**
 * The socket of a class's page: opens it, says every ten seconds that the page is here, opens it again
 * when it dies. What the messages mean is not known here. Every message that comes is whole, so
 * nothing needs to be asked again after a gap.
 */
import { CLOSE_FORBIDDEN, CLOSE_PROTOCOL } from '../protocol.gen';
import { CLASS_PROTOCOL } from './protocol.gen';

const HERE_MS = 10_000;
const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

export interface LinkPorts<In> {
  message(message: In): void;
  /** Whether the connection stands. */
  connected(there: boolean): void;
  /** The server will not have this page any more. */
  ended?(): void;
}

export class Link<In, Out extends { type: string }> {
  #socket: WebSocket | null = null;
  #wait = MIN_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #here: ReturnType<typeof setInterval> | undefined;
  #stopped = false;

  constructor(
    private readonly address: string,
    private readonly ports: LinkPorts<In>,
  ) {
    this.#connect();
  }

  /** Sends when the connection stands; false otherwise. */
  send(message: Out): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#here);
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.address, `playground.${CLASS_PROTOCOL}`);
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.#wait = MIN_WAIT_MS;
      if (typeof data === 'string') this.ports.message(JSON.parse(data) as In);
    };
    socket.onopen = () => {
      this.ports.connected(true);
      clearInterval(this.#here);
      this.#here = setInterval(() => this.send({ type: 'here' } as Out), HERE_MS);
    };
    socket.onclose = ({ code }) => this.#closed(code);
  }

  #closed(code: number): void {
    clearInterval(this.#here);
    this.ports.connected(false);
    if (this.#stopped) return;
    if (code === CLOSE_FORBIDDEN || code === CLOSE_PROTOCOL) {
      this.ports.ended?.();
      return;
    }
    // Random, so that a class does not come back in one instant.
    this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random()));
    this.#wait = Math.min(this.#wait * 2, MAX_WAIT_MS);
  }
}
