/** Sending in order: credit, uploads, answers, lost connections. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Ack, Nack, Push } from '../protocol.gen';
import { Credit, type Outgoing, Sender } from './sender';

const pushed: number[][] = [];
const answered: [number, string][] = [];
const broken: number[] = [];
let uploads: Map<number, () => void>;
let up: boolean;
let sender: Sender;

function outgoing(n: number, needs: string[] = [], title = 't'): Outgoing {
  return { n, fence: 1, at: 0, needs, operation: { type: 'set_title', title, automatic: false } };
}

function ack(n: number): Ack {
  return { type: 'ack', client: 'c', n, seq: n, at: 0 };
}

function nack(n: number, code: Nack['code'], expect: number | null = null): Nack {
  return { type: 'nack', client: 'c', n, code, message: '', expect };
}

beforeEach(() => {
  pushed.length = answered.length = broken.length = 0;
  uploads = new Map();
  up = true;
  sender = new Sender(
    'c',
    {
      push: ({ operations }: Push) => {
        if (up) pushed.push(operations.map(({ n }) => n));
        return up;
      },
      upload: (_needs, n) => new Promise((resolve) => uploads.set(n, resolve)),
      answered: ({ n }, { type }) => answered.push([n, type]),
      broken: (items) => broken.push(...items.map(({ n }) => n)),
    },
    new Credit(),
  );
});

describe('sender', () => {
  it('sends nothing before it is stored, and keeps the order', () => {
    sender.resume();
    sender.add(outgoing(1), false);
    sender.add(outgoing(2), false);
    sender.stored(2);
    expect(pushed).toEqual([]);
    sender.stored(1);
    expect(pushed).toEqual([[1, 2]]);
  });

  it('waits for the blobs of an operation, while uploads run beside each other', async () => {
    sender.resume();
    sender.add(outgoing(1, ['a']), true);
    sender.add(outgoing(2, ['b']), true);
    sender.add(outgoing(3), true);
    expect([...uploads.keys()]).toEqual([1, 2]);
    uploads.get(2)?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(pushed).toEqual([]);
    uploads.get(1)?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(pushed.flat()).toEqual([1, 2, 3]);
  });

  it('has at most 64 operations without an answer', () => {
    sender.resume();
    for (let n = 1; n <= 70; n += 1) sender.add(outgoing(n), true);
    expect(pushed.flat()).toHaveLength(64);
    sender.answer(ack(1));
    sender.answer(ack(2));
    expect(pushed.flat()).toHaveLength(66);
  });

  it('has at most 1 MB without an answer, and fits frames', () => {
    sender.resume();
    for (let n = 1; n <= 20; n += 1) sender.add(outgoing(n, [], 'x'.repeat(100_000)), true);
    expect(pushed.flat()).toHaveLength(10);
    expect(pushed.every((frame) => frame.length === 1)).toBe(true);
  });

  it('sends everything unanswered again after a lost connection', () => {
    sender.resume();
    for (let n = 1; n <= 3; n += 1) sender.add(outgoing(n), true);
    sender.answer(ack(1));
    sender.pause();
    sender.add(outgoing(4), true);
    pushed.length = 0;
    sender.resume();
    expect(pushed.flat()).toEqual([2, 3, 4]);
  });

  it('tries again what a dying connection did not take', () => {
    sender.resume();
    up = false;
    sender.add(outgoing(1), true);
    up = true;
    sender.pump();
    expect(pushed.flat()).toEqual([1]);
  });

  it('goes back to the number that the server expects', () => {
    sender.resume();
    for (let n = 1; n <= 4; n += 1) sender.add(outgoing(n), true);
    sender.answer(ack(1));
    pushed.length = 0;
    sender.answer(nack(3, 'expect', 2));
    expect(pushed.flat()).toEqual([2, 3, 4]);
    expect(answered).toEqual([[1, 'ack']]);
  });

  it('gives up when the server lost earlier numbers', async () => {
    sender.resume();
    sender.add(outgoing(7), true);
    sender.add(outgoing(8), true);
    const drained = sender.drained();
    sender.answer(nack(7, 'expect', 3));
    expect(broken).toEqual([7, 8]);
    await drained;
  });

  it('is drained when all that was there has an answer, refusals too', async () => {
    sender.resume();
    sender.add(outgoing(1), true);
    sender.add(outgoing(2), true);
    let done = false;
    void sender.drained().then(() => (done = true));
    sender.add(outgoing(3), true);
    sender.answer(ack(1));
    await Promise.resolve();
    expect(done).toBe(false);
    sender.answer(nack(2, 'invalid'));
    await new Promise((resolve) => setTimeout(resolve));
    expect(done).toBe(true);
    expect(answered).toEqual([
      [1, 'ack'],
      [2, 'nack'],
    ]);
  });
});
