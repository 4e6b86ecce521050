/** The packed heap, as `packing.py` writes it. */
import { expect, it } from 'vitest';

import { Image } from './image';

const PAGE = 4096;

/** An image of five pages, of which the second and the fifth are not empty. */
function image({ pages = 2 } = {}): ArrayBuffer {
  const head = new Uint32Array([8, 5 * PAGE, 2, 1, 1, 4, 1]);
  const bytes = new Uint8Array(head.byteLength + 8 + pages * PAGE);
  bytes.set(new Uint8Array(head.buffer));
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8], head.byteLength);
  bytes.fill(21, head.byteLength + 8, head.byteLength + 8 + PAGE);
  bytes.fill(22, head.byteLength + 8 + PAGE);
  return bytes.buffer;
}

it('fills a heap that held something else, and empties what is beyond', () => {
  const read = new Image(image());
  expect([...read.header]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(read.heapBytes).toBe(5 * PAGE);
  const heap = new Int8Array(6 * PAGE).fill(9);
  read.copyTo(heap);
  const first = Array.from({ length: 6 }, (_, page) => heap[page * PAGE]);
  const last = Array.from({ length: 6 }, (_, page) => heap[(page + 1) * PAGE - 1]);
  expect(first).toEqual([0, 21, 0, 0, 22, 0]);
  expect(last).toEqual(first);
});

it.each([0, 1, 2, 3, 5])('leaves alone what was never used: all but %i pages', (used) => {
  const heap = new Int8Array(6 * PAGE).fill(9, 0, used * PAGE);
  new Image(image()).copyTo(heap, used * PAGE);
  const first = Array.from({ length: 6 }, (_, page) => heap[page * PAGE]);
  expect(first).toEqual([0, 21, 0, 0, 22, 0]);
});

it.each([new ArrayBuffer(4), image({ pages: 1 }), image({ pages: 3 })])(
  'refuses what is cut or too long',
  (bytes) => {
    expect(() => new Image(bytes)).toThrow(RangeError);
  },
);
