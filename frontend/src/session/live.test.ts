/** The session of a page end to end, with the network and the runtime's language replaced. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE } from './database';
import { TestBrowser, type Tab } from './testing/browser';
import { TestServer } from './testing/server';
import { captured, eventually } from './testing/waiting';

let server: TestServer;
let browser: TestBrowser;
const open: Tab[] = [];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function tab(storage?: Storage, from = browser): Promise<Tab> {
  const opened = await from.open(storage);
  open.push(opened);
  return opened;
}

beforeEach(() => {
  server = new TestServer();
  browser = new TestBrowser(server);
});

afterEach(async () => {
  for (const opened of open.splice(0)) opened.close();
  await deleteDB(DATABASE);
});

describe('one tab', () => {
  it('runs, shows and saves', async () => {
    const { api, live } = await tab();
    await api.ready;
    const outcome = await api.execute('print hello');
    expect(outcome).toMatchObject({ number: 1, status: 'ok', stdout: 'hello', stderr: '' });
    await api.execute('a = 1');
    const saved = await api.saved();
    expect(saved).toMatchObject({ number: 2, unsaved: [] });
    expect(saved.bytes).toBeGreaterThan(0);
    expect(server.state.entries.map(({ source, status }) => [source, status])).toEqual([
      ['print hello', 'ok'],
      ['a = 1', 'ok'],
    ]);
    expect(live.store.view).toEqual(server.state);
    expect(live.view.saving.kind).toBe('saved');
    expect(await api.variables()).toMatchObject([{ name: 'a', preview: '1', saved: true }]);
  });

  it('tells unfinished source apart and makes no entry', async () => {
    const { api } = await tab();
    const outcome = await api.execute('def f():');
    expect(outcome).toMatchObject({ number: null, status: 'incomplete' });
    expect(await api.entries()).toEqual([]);
  });

  it('restores the values after a reload and goes on numbering', async () => {
    const first = await tab();
    await first.api.execute('a = [1, 2]');
    await first.api.files.write('note.txt', 'hello');
    await first.api.saved();
    first.close();
    const second = await tab(first.storage);
    await second.api.ready;
    expect(second.runtime().values.get('a')).toEqual([1, 2]);
    expect(await second.api.files.read('note.txt', { as: 'text' })).toBe('hello');
    expect((await second.api.execute('b = 1')).number).toBe(2);
    await second.api.saved();
    expect(server.state.entries).toHaveLength(2);
    expect(second.live.store.view).toEqual(server.state);
  });

  it('goes back to an entry and forward again', async () => {
    const { api, runtime } = await tab();
    const first = await api.execute('v = [1]');
    const second = await api.execute('v = [1, 2]');
    await api.restore(first.number ?? 0);
    expect(runtime().values.get('v')).toEqual([1]);
    await api.restore(second.number ?? 0);
    expect(runtime().values.get('v')).toEqual([1, 2]);
    await api.saved();
    expect(server.state.marks.map(({ kind, to }) => [kind, to])).toEqual([
      ['restore', 1],
      ['restore', 2],
    ]);
    await expect(api.restore(77)).rejects.toMatchObject({ code: 'not-found' });
    expect(await api.snapshots()).toMatchObject([{ number: 1 }, { number: 2 }]);
  });

  it('clears names, and starts afresh with the files kept', async () => {
    const opened = await tab();
    const { api } = opened;
    await api.execute('a = 1');
    await api.execute('b = 2');
    await api.files.write('kept.txt', 'k');
    await api.clear(['a']);
    expect([...opened.runtime().values.keys()]).toEqual(['b']);
    await api.reset();
    expect([...opened.runtime().values.keys()]).toEqual([]);
    expect(await api.files.read('kept.txt', { as: 'text' })).toBe('k');
    await api.saved();
    expect(server.state.variables).toEqual([]);
    expect(server.state.marks.map(({ kind }) => kind)).toEqual(['clear', 'reset']);
  });

  it('stops a run, and what was queued behind it', async () => {
    const { api } = await tab();
    await api.execute('a = 1');
    const running = api.execute('loop');
    const queued = api.execute('a = 2');
    await eventually(() => expect(server.state.entries).toHaveLength(2));
    await api.interrupt();
    expect(await running).toMatchObject({ number: 2, status: 'interrupted' });
    expect(await queued).toMatchObject({ number: null, status: 'interrupted' });
    expect((await api.execute('print x')).status).toBe('ok');
  });

  it('ends a run at its time limit', async () => {
    const { api } = await tab();
    expect((await api.execute('loop', { timeoutMs: 20 })).status).toBe('timeout');
    expect((await api.execute('print x')).status).toBe('ok');
  });

  it('replaces a runtime that had to be killed and says what came back', async () => {
    const { api, live, runtime } = await tab();
    await api.execute('precious = [1]');
    const before = runtime();
    const running = api.execute('stuck');
    await eventually(() => expect(server.state.entries).toHaveLength(2));
    await api.interrupt();
    expect((await running).status).toBe('interrupted');
    expect((await api.execute('print x')).status).toBe('ok');
    expect(runtime()).not.toBe(before);
    expect(runtime().values.get('precious')).toEqual([1]);
    const [notice] = live.view.notices;
    expect(notice?.text).toContain('after #1');
    expect(notice?.details).toEqual(['Still there: precious', 'What #2 changed is lost.']);
  });

  it('refuses paths that leave the home folder, and files that are not there', async () => {
    const { api } = await tab();
    await api.ready;
    await expect(api.files.write('../../etc/x', 'no')).rejects.toMatchObject({ code: 'invalid' });
    await expect(api.files.read('missing.txt')).rejects.toMatchObject({ code: 'not-found' });
    await expect(api.files.write('big', new Uint8Array(2e6))).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  it('says that the server will not keep the values, and keeps running', async () => {
    const { api, live } = await tab();
    await api.execute('a = 1');
    await api.saved();
    server.refuse = ({ operation }) => (operation.type === 'snapshot_saved' ? 'limit' : null);
    await api.execute('b = 2');
    await expect(api.saved()).rejects.toMatchObject({ code: 'limit' });
    expect(live.view.saving.kind).toBe('refused');
    server.refuse = () => null;
    await api.execute('c = 3');
    expect(await api.saved()).toMatchObject({ number: 3 });
    expect(live.view.saving.kind).toBe('saved');
    expect(live.store.view).toEqual(server.state);
  });
});

describe('a bad network', () => {
  it('runs on offline, does not call it saved, and sends it when the network is back', async () => {
    const { api, live } = await tab();
    await api.execute('a = 1');
    await api.saved();
    server.cut();
    await api.execute('add a 1');
    let saved = false;
    const waiting = api.saved().then(() => (saved = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(saved).toBe(false);
    expect(live.view.saving).toEqual({ kind: 'offline', text: 'Offline: kept in this browser' });
    server.mend();
    await waiting;
    expect(server.state.entries).toHaveLength(2);
    expect(live.store.view).toEqual(server.state);
    expect(server.fence).toBe(1);
  });

  it('sends again what was not answered, and nothing is done twice', async () => {
    const { api, live } = await tab();
    await api.ready;
    for (let round = 0; round < 5; round += 1) {
      const runs = [api.execute(`print ${round}`), api.execute(`x = ${round}`)];
      await Promise.resolve();
      server.cut();
      server.mend();
      await Promise.all(runs);
    }
    await api.saved();
    await eventually(() => expect(live.store.view).toEqual(server.state));
    expect(server.state.entries.map(({ number }) => number)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(server.state.variables).toMatchObject([{ name: 'x', preview: '4' }]);
  });

  it('sends what a closed tab could not, before the next one runs', async () => {
    const first = await tab();
    await first.api.execute('a = 1');
    await first.api.saved();
    server.cut();
    await first.api.execute('add a 1');
    await first.api.execute('print written-offline');
    await captured(first);
    first.close();
    server.mend();
    server.apply({ type: 'set_runner', runner: null, reserved: null });
    const second = await tab();
    await second.api.ready;
    expect(second.runtime().values.get('a')).toBe(2);
    expect(await second.api.saved()).toMatchObject({ number: 3 });
    expect(server.state.entries.map(({ source, status }) => [source, status])).toEqual([
      ['a = 1', 'ok'],
      ['add a 1', 'ok'],
      ['print written-offline', 'ok'],
    ]);
    expect(second.live.store.view).toEqual(server.state);
    expect((await second.live.outbox.operations()).size).toBe(0);
  });

  it('never sends the work of one user as another', async () => {
    const first = await tab();
    await first.api.ready;
    server.cut();
    await first.api.execute('secret = 1');
    await captured(first);
    first.close();
    server.mend();
    server.apply({ type: 'set_runner', runner: null, reserved: null });
    const other = await tab(undefined, new TestBrowser(server, 'bob'));
    await other.api.ready;
    expect(server.state.entries).toEqual([]);
    const again = await tab();
    await again.api.ready;
    await eventually(async () => expect((await again.live.outbox.operations()).size).toBe(0));
    expect(server.state.entries).toMatchObject([{ source: 'secret = 1', status: 'ok' }]);
  });

  it('offers work that came too late as a separate session', async () => {
    const first = await tab();
    await first.api.execute('a = 1');
    await first.api.saved();
    const late = server.state.runner?.client;
    server.keepOut = (client) => client === late;
    server.cut();
    server.mend();
    await first.api.execute('a = 2');
    await captured(first);
    const other = new TestBrowser(server, 'bob');
    server.apply({ type: 'set_runner', runner: null, reserved: null });
    const second = await tab(undefined, other);
    await second.api.execute('a = 3');
    await second.api.saved();
    server.keepOut = () => false;
    await eventually(() => expect(first.live.view.isRunner).toBe(false));
    await eventually(async () => expect(await first.live.outbox.orphans()).not.toHaveLength(0));
    await eventually(() => {
      const labels = first.live.view.notices.map(({ action }) => action?.label);
      expect(labels).toContain('Open it as a separate session');
    });
    const kinds = (await first.live.outbox.orphans()).map(({ operation }) => operation.type);
    expect(kinds).toContain('start_execution');
    expect(kinds).toContain('snapshot_saved');
    await eventually(() => expect(first.live.store.view).toEqual(server.state));

    const offered = first.live.view.notices.find(({ action }) => action?.label.startsWith('Open'));
    offered?.action?.run();
    await eventually(() => expect(browser.gone).toEqual(['/s/forked']));
    const sources = server.forked?.state.entries.map(({ source, status }) => [source, status]);
    expect(sources).toEqual([
      ['a = 1', 'ok'],
      ['a = 2', 'ok'],
    ]);
    expect(server.forked?.state.snapshots.map(({ number }) => number)).toEqual([1, 2]);
    expect(server.forked?.state.variables).toMatchObject([{ name: 'a', preview: '2' }]);
    expect(await first.live.outbox.orphans()).toEqual([]);
  });

  it('offers work that was not sent when its person is turned away', async () => {
    const turned = await tab();
    const { api, live } = turned;
    await api.execute('a = 1');
    await api.saved();
    server.cut();
    await api.execute('a = 2');
    await captured(turned);
    server.mend();
    server.turnAway = true;
    await eventually(() => expect(live.view.ended).toBe('forbidden'));
    await eventually(() => {
      const offered = live.view.notices.find(({ action }) => action?.label === 'Download it');
      expect(offered?.details).toEqual(['#2: a = 2']);
    });
    expect((await live.outbox.operations()).size).toBe(1);
  });

  it('takes the state whole when the server was put back to a backup', async () => {
    const { api, live } = await tab();
    await api.execute('a = 1');
    await api.saved();
    server.state = { ...server.state, epoch: 'e2', title: 'Restored' };
    server.cut();
    server.mend();
    await eventually(() => expect(live.store.view.title).toBe('Restored'));
  });
});

describe('two tabs', () => {
  it('has one runner; the other sees everything', async () => {
    const first = await tab();
    await first.api.ready;
    const second = await tab();
    await second.api.ready;
    const seen: unknown[] = [];
    second.api.on('execution', (event) => seen.push(event));
    await first.api.execute('print hi');
    await first.api.saved();
    expect(second.live.view.isRunner).toBe(false);
    await eventually(() => expect(second.live.store.view).toEqual(server.state));
    expect(seen).toEqual([
      { number: 1, status: 'running' },
      { number: 1, status: 'ok' },
    ]);
  });

  it('hands over on request with the values, there and back', async () => {
    const first = await tab();
    await first.api.execute('a = 1');
    const second = await tab();
    await second.api.ready;
    await second.api.execute('add a 1');
    expect(second.runtime().values.get('a')).toBe(2);
    expect(first.live.view.isRunner).toBe(false);
    expect(first.runtime().disposed).toBe(true);
    await first.api.execute('add a 10');
    expect(first.runtime().values.get('a')).toBe(12);
    await first.api.saved();
    expect(server.state.entries.map(({ number, fence }) => [number, fence])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    await eventually(() => expect(second.live.store.view).toEqual(server.state));
  });

  it('finishes what runs before it hands over, and keeps its own queue', async () => {
    const first = await tab();
    await first.api.ready;
    const running = first.api.execute('loop');
    await eventually(() => expect(server.state.entries).toHaveLength(1));
    const queued = first.api.execute('print queued');
    const second = await tab();
    await second.api.ready;
    const taking = second.api.execute('print taken');
    await pause(150);
    expect(second.live.view.isRunner).toBe(false);
    await first.runtime().interrupt();
    expect((await running).status).toBe('interrupted');
    expect((await taking).number).toBe(2);
    expect((await queued).number).toBe(3);
  });

  it('takes over by itself when the runner is gone', async () => {
    const first = await tab();
    await first.api.execute('a = 1');
    await first.api.saved();
    const second = await tab();
    await second.api.ready;
    first.close();
    server.apply({ type: 'set_runner', runner: null, reserved: null });
    await eventually(() => expect(second.live.view.isRunner).toBe(true));
    await eventually(() => expect(second.runtime().values.get('a')).toBe(1));
  });

  it('gives a duplicated tab an id of its own', async () => {
    const first = await tab();
    const second = await tab(first.storage);
    await Promise.all([first.api.ready, second.api.ready]);
    const tabs = [...server.sockets].map(({ tab: id }) => id);
    expect(new Set(tabs).size).toBe(2);
  });
});
