/** Work on files in the lane, with the network and the runtime's language replaced. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { DATABASE } from './database';
import { FileWork } from './fileWork';
import { TestBrowser, type Tab } from './testing/browser';
import { TestServer } from './testing/server';

let server: TestServer;
let tab: Tab;
let work: FileWork;

const bytes = (text: string) => new TextEncoder().encode(text).buffer;
const text = (content: ArrayBuffer | null | undefined) =>
  content ? new TextDecoder().decode(content) : content;
const expecting = (wanted: string | null) => (present: ArrayBuffer | null) =>
  text(present) === wanted;
const held = () => Object.fromEntries(tab.runtime().files);
/** Snapshots that the server has, when all is saved. */
const snapshots = async () => {
  await tab.api.saved();
  return server.state.snapshots.length;
};

beforeEach(async () => {
  server = new TestServer();
  tab = await new TestBrowser(server).open();
  work = new FileWork(tab.live.supervisor, 1_000);
  await tab.api.files.write('a.txt', 'first');
});

afterEach(async () => {
  tab.close();
  await deleteDB(DATABASE);
});

describe('saving a text', () => {
  it('writes where the file holds what is expected', async () => {
    const answer = await work.save('a.txt', bytes('second'), expecting('first'));
    expect(answer).toEqual({ written: true });
    expect(held()).toEqual({ 'a.txt': 'second' });
    await tab.api.saved();
    expect(server.state.files.map(({ path }) => path)).toEqual(['a.txt']);
  });

  it('writes nothing where it holds something else, and gives that', async () => {
    const answer = await work.save('a.txt', bytes('mine'), expecting('older'));
    expect(answer.written).toBe(false);
    expect(!answer.written && text(answer.theirs)).toBe('first');
    expect(held()).toEqual({ 'a.txt': 'first' });
  });

  it('makes a new file, but not where one has come in between', async () => {
    expect(await work.save('b.txt', bytes('new'), expecting(null))).toEqual({ written: true });
    const answer = await work.save('b.txt', bytes('other'), expecting(null));
    expect(answer.written).toBe(false);
  });

  it('sees what the run before it wrote', async () => {
    const run = tab.api.execute('loop');
    const saving = work.save('a.txt', bytes('mine'), expecting('first'));
    tab.runtime().files.set('a.txt', 'by the code');
    while (!tab.live.view.running) await new Promise((go) => setTimeout(go, 1));
    await tab.live.supervisor.interrupt();
    await run;
    expect(await saving).toMatchObject({ written: false });
    expect(held()).toEqual({ 'a.txt': 'by the code' });
  });

  it('makes no snapshot when nothing changes', async () => {
    const before = await snapshots();
    expect(await work.save('a.txt', bytes('first'), expecting('?'))).toEqual({ written: true });
    expect(await snapshots()).toBe(before);
  });

  it('refuses what is too large', async () => {
    const large = new ArrayBuffer(1_001);
    await expect(work.save('a.txt', large, expecting('first'))).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});

describe('renaming', () => {
  it('moves the file in one snapshot', async () => {
    const before = await snapshots();
    await work.rename('a.txt', 'data/b.txt');
    expect(held()).toEqual({ 'data/b.txt': 'first' });
    expect(await snapshots()).toBe(before + 1);
  });

  it('overwrites nothing and leaves the home folder never', async () => {
    await tab.api.files.write('b.txt', 'other');
    await expect(work.rename('a.txt', 'b.txt')).rejects.toThrow('already');
    await expect(work.rename('a.txt', '../b')).rejects.toMatchObject({ code: 'invalid' });
    await expect(work.rename('none', 'c')).rejects.toMatchObject({ code: 'not-found' });
    expect(held()).toEqual({ 'a.txt': 'first', 'b.txt': 'other' });
  });
});

it('writes many files in one snapshot, and names those it could not write', async () => {
  const before = await snapshots();
  const counts: number[] = [];
  const file = (path: string, content: string) => ({
    path,
    bytes: () => Promise.resolve(bytes(content)),
  });
  const broken = { path: 'gone.txt', bytes: () => Promise.reject(new Error('It is gone.')) };
  const files = [file('b.txt', 'b'), broken, file('c.txt', 'c'.repeat(1_001)), file('d/e', 'e')];
  const failed = await work.writeAll(files, (count) => counts.push(count));
  expect(failed.map(({ path }) => path)).toEqual(['gone.txt', 'c.txt']);
  expect(counts).toEqual([1, 2, 3, 4]);
  expect(held()).toEqual({ 'a.txt': 'first', 'b.txt': 'b', 'd/e': 'e' });
  expect(await snapshots()).toBe(before + 1);
});

it('gives back what it removes', async () => {
  const removed = await work.removeAll(['a.txt']);
  expect(held()).toEqual({});
  expect(text(removed.get('a.txt'))).toBe('first');
});
