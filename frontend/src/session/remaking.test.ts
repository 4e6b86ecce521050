/** What is always made again, in a whole session of a page whose runtime is a small one. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { words } from '../i18n/remaking';
import { DATABASE } from './database';
import { TestBrowser, type Tab } from './testing/browser';
import { TestServer } from './testing/server';
import { eventually } from './testing/waiting';

let server: TestServer;
let browser: TestBrowser;
const open: Tab[] = [];

async function tab(storage?: Storage): Promise<Tab> {
  const opened = await browser.open(storage);
  open.push(opened);
  return opened;
}

/** A session with `g`, which cannot be saved and is always made again. */
async function made(before: (first: Tab) => Promise<unknown>): Promise<Tab> {
  const first = await tab();
  await first.api.execute('open g');
  await before(first);
  first.live.remaking.setAlways('g', true);
  await first.api.saved();
  await eventually(() => expect(server.state.remakes).toEqual(['g']));
  first.close();
  return tab(first.storage);
}

const told = ({ live }: Tab) => live.view.notices.map(({ text }) => text);

beforeEach(() => {
  server = new TestServer();
  browser = new TestBrowser(server);
});

afterEach(async () => {
  for (const opened of open.splice(0)) opened.close();
  await deleteDB(DATABASE);
});

it('runs before anything else, and is saved as an entry of its own', async () => {
  const second = await made(() => Promise.resolve());
  await second.api.execute('print first');
  await second.api.saved();
  expect(second.runtime().runs).toEqual(['open g', 'print first']);
  expect(server.state.entries.map(({ source, origin }) => [source, origin])).toEqual([
    ['open g', null],
    ['open g', 1],
    ['print first', null],
  ]);
  expect(await second.api.variables()).toMatchObject([{ name: 'g', saved: false, missing: false }]);
  expect(told(second)).toEqual([words.made(['g'], [2])]);
});

it('is not tried again when it ended the runtime', async () => {
  const second = await made((first) => first.api.files.write('wall', 'high'));
  await second.api.execute('print first');
  await second.api.execute('print second');
  await second.api.saved();
  expect(second.runtime().runs).toEqual(['print first', 'print second']);
  expect(server.state.entries.map(({ source, status }) => [source, status])).toEqual([
    ['open g', 'ok'],
    ['open g', 'error'],
    ['print first', 'ok'],
    ['print second', 'ok'],
  ]);
  expect(await second.api.variables()).toMatchObject([{ name: 'g', missing: true }]);
  expect(told(second)).toContain(words.died);
});
