import { describe, expect, it } from 'vitest';

import {
  readAnswer,
  readCapture,
  readFileRows,
  readOutcome,
  readRefusal,
  readRestored,
} from './answers';
import { BadClaim } from './claims';

const LIMITS = { variableBytes: 10, fileBytes: 10, totalBytes: 10 };
const row = {
  name: 'a',
  type: 'int',
  sizeBytes: 28,
  preview: '1',
  shape: null,
  remark: 'its cache starts empty',
  content: '00112233445566ff',
  entry: 3,
  line: 2,
};
const header = {
  units: [{ names: ['a', 'b'], blob: 1, size: 3 }],
  files: [{ path: 'd/f.txt', blob: 2, size: 4, modifiedAt: 5 }],
  directories: ['d'],
  unsaved: [{ name: 'g', reason: 'a generator', missing: false }],
  variables: [row],
  new: [1, 2],
  captureMs: 1.5,
};
const buffers = () => [new ArrayBuffer(3), new ArrayBuffer(4)];
const capture = (change: object, given = buffers()) =>
  readCapture(JSON.stringify({ ...header, ...change }), given, LIMITS);

describe('answers', () => {
  it('reads a capture', () => {
    const given = buffers();
    const { new: numbers, ...rest } = header;
    expect(capture({ more: 1 }, given)).toEqual({
      ...rest,
      blobs: new Map(numbers.map((number, i) => [number, given[i]])),
    });
  });

  it.each([
    { new: [1] },
    { new: [1, 1] },
    { new: [1, 2, 3] },
    { units: [{ names: 'a', blob: 1, size: 3 }] },
    { files: [{ path: '../../x', blob: 2, size: 4, modifiedAt: 5 }] },
    { directories: ['/etc'] },
    { captureMs: -1 },
    { variables: [{ ...row, sizeBytes: -1 }] },
    { variables: [{ ...row, content: 'x'.repeat(16) }] },
    { variables: [{ ...row, remark: 'x'.repeat(1_001) }] },
    { variables: [{ ...row, line: 2 ** 40 }] },
  ])('refuses a capture with %j', (change) => {
    expect(() => capture(change)).toThrow(BadClaim);
  });

  it('refuses more bytes than were allowed', () => {
    expect(() => capture({}, [new ArrayBuffer(3), new ArrayBuffer(8)])).toThrow(BadClaim);
  });

  it('reads an outcome with one of three statuses', () => {
    expect(readOutcome('{"status": "ok", "durationMs": 1}')).toEqual({
      status: 'ok',
      durationMs: 1,
    });
    expect(() => readOutcome('{"status": "timeout", "durationMs": 1}')).toThrow(BadClaim);
  });

  it('reads what was restored, file rows and refusals', () => {
    const restored = { restored: ['a'], failed: [{ name: 'b', reason: 'r' }], variables: [row] };
    expect(readRestored(JSON.stringify(restored))).toEqual(restored);
    const file = { path: 'a', sizeBytes: 1, modifiedAt: 2 };
    expect(readFileRows(JSON.stringify([file]))).toEqual([file]);
    expect(readRefusal('{"code": "not-found", "message": "no"}')).toMatchObject({
      code: 'not-found',
      message: 'no',
    });
    expect(() => readRefusal('{"code": "dead", "message": "no"}')).toThrow(BadClaim);
  });
});

describe('the answer to a question', () => {
  it('has any shape', () => expect(readAnswer('{"items":[1,"a"]}')).toEqual({ items: [1, 'a'] }));

  it.each(['', '{', JSON.stringify('x'.repeat(1_000_000)), '['.repeat(200) + ']'.repeat(200)])(
    'is refused when it is no JSON or beyond its bounds',
    (json) => expect(() => readAnswer(json)).toThrow(BadClaim),
  );
});
