/** Confirmed and own operations together: what the page shows while answers are on their way. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnyOperation, Record as OperationRecord } from '../protocol.gen';
import { Invalid } from './reducer';
import { Store } from './store.svelte';
import { emptyState } from './testing/server';
import { PLAIN_CODE } from './plan';

const applied: string[] = [];
let gaps = 0;
let store: Store;
let n = 0;

function propose(operation: AnyOperation): number {
  n += 1;
  store.propose({ client: 'me', n, fence: 1, at: 5, operation });
  return n;
}

function record(seq: number, operation: AnyOperation, client = 'other', number = seq) {
  return { seq, at: 100 + seq, client, n: number, fence: 1, operation } satisfies OperationRecord;
}

const title = (text: string): AnyOperation => ({
  type: 'set_title',
  title: text,
  automatic: false,
});
const start = (number: number): AnyOperation => ({
  type: 'start_execution',
  number,
  source: 's',
  ...PLAIN_CODE,
});
const print = (number: number, text: string): AnyOperation => ({
  type: 'append_output',
  number,
  outputs: [{ type: 'stream', name: 'stdout', text }],
});

beforeEach(() => {
  vi.useFakeTimers();
  applied.length = gaps = n = 0;
  store = new Store(emptyState(), 'me', {
    applied: (operation, own) => applied.push(`${own ? 'own' : 'foreign'} ${operation.type}`),
    gap: () => (gaps += 1),
    replaced: () => applied.push('replaced'),
  });
});

afterEach(() => vi.useRealTimers());

describe('store', () => {
  it('shows an own operation at once and keeps it when it is confirmed', () => {
    const first = propose(start(1));
    propose(print(1, 'a'));
    expect(store.view.entries).toMatchObject([{ number: 1, status: 'running' }]);
    expect(store.confirmed.entries).toEqual([]);
    store.confirm(record(1, start(1), 'me', first));
    expect(store.view.entries[0]?.outputs).toHaveLength(1);
    expect(store.pending).toHaveLength(1);
    vi.runAllTimers();
    expect(store.view.entries[0]?.executedAt).toBe(101);
    expect(applied).toEqual(['own start_execution', 'own append_output']);
  });

  it('applies own operations again on top of foreign ones', () => {
    propose(title('mine'));
    store.confirm(record(1, title('theirs')));
    expect(store.confirmed.title).toBe('theirs');
    expect(store.view.title).toBe('mine');
    store.confirm(record(2, title('mine'), 'me', 1));
    expect(store.view).toEqual(store.confirmed);
    expect(applied).toEqual(['own set_title', 'foreign set_title']);
  });

  it('takes a refused operation back', () => {
    propose(title('mine'));
    store.refuse('me', 1);
    expect(store.view).toEqual(emptyState());
  });

  it('leaves out an own operation that no longer fits, until the server has decided', () => {
    propose(start(1));
    store.confirm(record(1, { ...start(1), source: 'theirs' } as AnyOperation));
    expect(store.view.entries).toMatchObject([{ source: 'theirs' }]);
    expect(store.pending).toHaveLength(1);
    store.refuse('me', 1);
    expect(store.view).toEqual(store.confirmed);
  });

  it('does not propose what does not fit', () => {
    expect(store.propose({ client: 'me', n: 1, fence: 1, at: 0, operation: start(9) })).toEqual(
      new Invalid('the next entry is #1'),
    );
    expect(store.pending).toEqual([]);
  });

  it('waits for its turn with an answer that comes early', () => {
    propose(title('mine'));
    store.confirm(record(2, title('mine'), 'me', 1));
    expect(store.view.title).toBe('mine');
    expect(store.confirmed.seq).toBe(0);
    store.confirm(record(1, title('theirs')));
    expect(store.confirmed).toMatchObject({ seq: 2, title: 'mine' });
    expect(applied).toEqual(['own set_title', 'foreign set_title']);
    vi.runAllTimers();
    expect(gaps).toBe(0);
  });

  it('asks to catch up when a hole stays, and when a record does not fit', () => {
    store.confirm(record(2, title('later')));
    expect(gaps).toBe(0);
    vi.runAllTimers();
    expect(gaps).toBe(1);
    store.confirm(record(1, start(9)));
    expect(gaps).toBe(2);
  });

  it('ignores what it has already', () => {
    store.confirm(record(1, title('a')));
    const before = store.view;
    store.confirm(record(1, title('again')));
    store.confirm({ ...record(1, title('again')), seq: 0 });
    expect(store.view).toBe(before);
  });

  it('puts own operations on a state that came whole, and keeps earlier pages', () => {
    const entries = [1, 2].map((number) => ({
      number,
      source: '',
      status: 'ok' as const,
      executedAt: 0,
      fence: 0,
      durationMs: 1,
      outputs: [],
      lost: false,
      deleted: false,
      pinned: false,
      ...PLAIN_CODE,
    }));
    const [one, two] = entries;
    if (!one || !two) throw new Error('two entries');
    const short = { ...emptyState(), seq: 9, nextNumber: 3, entriesFrom: 2, entries: [two] };
    store.replace(short);
    store.prepend([one]);
    propose(title('mine'));
    store.replace({ ...short, seq: 20 });
    expect(store.view).toMatchObject({ title: 'mine', entriesFrom: 1, seq: 21 });
    expect(store.view.entries).toHaveLength(2);
  });
});
