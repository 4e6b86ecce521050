/** What the browser keeps until it is acknowledged, and who may send it. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { KeptTexts } from '../files/kept';
import { clearLocalData, unsentQuestion, unsentWork } from './clearing';
import { deleteDatabase, openDatabase } from './database';
import { type NewOperation, Outbox } from './outbox';
import { replayDead } from './replay';
import { TestLocks } from './testing/locks';

function operation(client: string, n: number, needs: string[] = [], fence = 1): NewOperation {
  return {
    client,
    n,
    fence,
    needs,
    at: 0,
    operation: { type: 'set_title', title: `${n}`, automatic: false },
  };
}

function blob(hash: string) {
  return { hash, body: new Uint8Array([1]).buffer, gzip: false, size: 1 };
}

const outboxOf = (user: string) => new Outbox(user, 's', () => undefined);

afterEach(() => deleteDatabase());

describe('outbox', () => {
  it('gives operations back by client and in order, to their user alone', async () => {
    const ada = outboxOf('ada');
    await Promise.all([
      ada.add(operation('b', 10)),
      ada.add(operation('b', 9)),
      ada.add(operation('a', 1)),
    ]);
    await outboxOf('adam').add(operation('c', 1));
    const found = await ada.operations();
    expect([...found.keys()]).toEqual(['a', 'b']);
    expect(found.get('b')?.map(({ n }) => n)).toEqual([9, 10]);
    expect((await outboxOf('bob').operations()).size).toBe(0);
  });

  it('keeps blobs as long as an operation or an orphan needs them', async () => {
    const outbox = outboxOf('ada');
    await outbox.add(operation('a', 1, ['x']), [blob('x')]);
    await outbox.add(operation('a', 2, ['x', 'y']), [blob('y')]);
    await outbox.remove('a', 1, true);
    expect(await outbox.blob('x')).toBeDefined();
    await outbox.orphan(operation('a', 2, ['x', 'y']), 'fenced', 'late');
    expect(await outbox.blob('y')).toBeDefined();
    expect((await outbox.operations()).size).toBe(0);
    await outbox.forgetOrphans(await outbox.orphans());
    expect([await outbox.blob('x'), await outbox.blob('y')]).toEqual([undefined, undefined]);
  });

  it('tells once when there is no database, and does not hold anything up', async () => {
    const troubles: unknown[] = [];
    const broken = new Outbox(
      'ada',
      's',
      (error) => troubles.push(error),
      () => Promise.reject(new Error('private window')),
    );
    expect(await broken.add(operation('a', 1))).toBe(false);
    expect(await broken.remove('a', 1, false)).toBe(false);
    expect(await broken.operations()).toEqual(new Map());
    expect([broken.reliable, troubles.length]).toEqual([false, 1]);
  });
});

describe('replay', () => {
  it('sends the work of dead clients only, the earliest fencing number first', async () => {
    const outbox = outboxOf('ada');
    await outbox.add(operation('late', 1, [], 7));
    await outbox.add(operation('early', 4, [], 2));
    await outbox.add(operation('early', 5, [], 2));
    await outbox.add(operation('alive', 1));
    await outbox.add(operation('me', 1));
    const locks = new TestLocks();
    void locks.request('client:alive', () => new Promise(() => undefined));
    const sent: [string, number[]][] = [];
    const replay = () =>
      replayDead({
        session: 's',
        client: 'me',
        locks: locks.manager(),
        load: () => outbox.operations(),
        send: async (client, operations) => {
          sent.push([client, operations.map(({ n }) => n)]);
          await Promise.all(operations.map(({ n }) => outbox.remove(client, n, false)));
        },
      });
    await Promise.all([replay(), replay()]);
    expect(sent).toEqual([
      ['early', [4, 5]],
      ['late', [1]],
    ]);
    expect(locks.held()).toEqual(['client:alive']);
  });
});

describe('clearing', () => {
  it('asks about unsent work of anybody, and forgets everything', async () => {
    expect(unsentQuestion(await unsentWork('ada'))).toBe('');
    await outboxOf('ada').add(operation('a', 1));
    await outboxOf('bob').add(operation('b', 1));
    const work = await unsentWork('ada');
    expect(work).toEqual({ own: 1, others: 1 });
    expect(unsentQuestion(work)).toContain('Yours and other people’s latest work in 2 sessions');
    const kept = new KeptTexts('cy', 's1', {
      local: localStorage,
      tab: sessionStorage,
      locks: new TestLocks() as unknown as LockManager,
    });
    kept.keep('a/b.py', 'typed, not written', null);
    const left = { local: localStorage, tab: sessionStorage, locks: navigator.locks };
    expect(new KeptTexts('dee', 's1', left, () => false).keep('c.py', 'x', null)).toBe(false);
    expect(await unsentWork('cy')).toEqual({ own: 1, others: 2 });
    localStorage.setItem('draft', 'x');
    await clearLocalData();
    expect(localStorage.getItem('draft')).toBeNull();
    const database = await openDatabase();
    expect(await database.count('operations')).toBe(0);
    database.close();
  });
});
