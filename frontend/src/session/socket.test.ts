/** The connection: greeting, heartbeat, confirming, coming back. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ClientMessage, PROTOCOL_VERSION, type ServerMessage } from '../protocol.gen';
import { Socket, waitBound } from './socket';

class Wire {
  readonly OPEN = 1;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: ClientMessage[] = [];
  closed = false;

  send(frame: string): void {
    this.sent.push(JSON.parse(frame) as ClientMessage);
  }

  close(): void {
    this.closed = true;
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  says(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  dies(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

let wires: Wire[];
let happened: string[];
let socket: Socket;

function wire(): Wire {
  const last = wires.at(-1);
  if (!last) throw new Error('no connection was tried');
  return last;
}

beforeEach(() => {
  vi.useFakeTimers();
  wires = [];
  happened = [];
  socket = new Socket(
    'ws://x/',
    {
      hello: () => ({ client: 'C', tab: 'T', epoch: 'e', seq: 7, user: 5 }),
      seq: () => 7,
      message: ({ type }) => happened.push(type),
      down: () => happened.push('down'),
      ended: (reason) => happened.push(`ended ${reason}`),
    },
    () => {
      wires.push(new Wire());
      return wire() as unknown as WebSocket;
    },
  );
  socket.start();
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

describe('socket', () => {
  it('greets with what the page has', () => {
    wire().opens();
    expect(wire().sent).toEqual([
      {
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        client: 'C',
        tab: 'T',
        epoch: 'e',
        seq: 7,
        user: 5,
      },
    ]);
  });

  it('sends nothing before it is open, and no frame that is too large', () => {
    expect(socket.send({ type: 'ping' })).toBe(false);
    wire().opens();
    expect(socket.send({ type: 'ping' })).toBe(true);
    const operation = { type: 'set_title' as const, title: 'x'.repeat(300_000), automatic: false };
    const push = {
      type: 'push' as const,
      client: 'C',
      operations: [{ n: 1, fence: 0, operation }],
    };
    expect(socket.send(push)).toBe(false);
  });

  it('comes back at once after a good connection was cut, and more slowly the longer it takes', () => {
    wire().opens();
    vi.advanceTimersByTime(9_000);
    wire().dies(1006);
    expect(happened).toEqual(['down']);
    vi.advanceTimersByTime(60);
    expect(wires).toHaveLength(2);
    expect([waitBound(0), waitBound(4_000), waitBound(60_000), waitBound(1e6)]).toEqual([
      50, 1_000, 15_000, 30_000,
    ]);
  });

  it('does not storm a server that closes every new connection', () => {
    for (let second = 0; second < 60; second += 1) {
      if (wire().readyState === 0) {
        wire().opens();
        wire().dies(1013);
      }
      vi.advanceTimersByTime(1_000);
    }
    expect(wires.length).toBeLessThan(150);
  });

  it('pings, and takes silence for the end', () => {
    wire().opens();
    vi.advanceTimersByTime(10_000);
    expect(wire().sent.at(-1)).toEqual({ type: 'ping' });
    wire().says({ type: 'pong' });
    vi.advanceTimersByTime(20_000);
    expect(happened).toEqual(['pong']);
    vi.advanceTimersByTime(10_000);
    expect(happened).toEqual(['pong', 'down']);
    expect(wires[0]?.closed).toBe(true);
  });

  it('confirms what it received', () => {
    wire().opens();
    wire().says({ type: 'presence', people: [] });
    expect(wire().sent).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(wire().sent.at(-1)).toEqual({ type: 'received', seq: 7 });
    const name = 'x'.repeat(120_000);
    wire().says({ type: 'presence', people: [{ name, role: 'owner', tabs: 1 }] });
    expect(wire().sent.filter(({ type }) => type === 'received')).toHaveLength(2);
  });

  it.each([
    [4400, 'ended protocol'],
    [4403, 'ended forbidden'],
  ])('ends for good when closed with %i', (code, end) => {
    wire().opens();
    wire().dies(code);
    vi.advanceTimersByTime(120_000);
    expect(happened).toEqual(['down', end]);
    expect(wires).toHaveLength(1);
  });

  it('waits after it was told that it was too much', () => {
    wire().opens();
    wire().dies(4429);
    vi.advanceTimersByTime(4_900);
    expect(wires).toHaveLength(1);
    vi.advanceTimersByTime(10_000);
    expect(wires).toHaveLength(2);
  });

  it('gives up an attempt that hangs', () => {
    vi.advanceTimersByTime(20_000);
    expect(wires.length).toBeGreaterThan(1);
    expect(wires[0]?.closed).toBe(true);
  });

  it('tries at once when the network is said to be back', () => {
    wire().dies(1006);
    socket.retryNow();
    expect(wires).toHaveLength(2);
    socket.retryNow();
    expect(wires).toHaveLength(2);
  });
});
