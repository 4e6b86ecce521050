/** Session commands end to end, with the network and the runtime's language replaced. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE } from '../database';
import { type Tab, TestBrowser } from '../testing/browser';
import { TestServer } from '../testing/server';
import { COMMANDS, parseCommand } from './table';
import { nearest, shortTime, table } from './text';

let server: TestServer;
let browser: TestBrowser;
const open: Tab[] = [];

async function tab(): Promise<Tab> {
  const opened = await browser.open();
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

const textOf = (outcome: { result?: { [type: string]: string } }) => outcome.result?.['text/plain'];

describe('commands', () => {
  it('answer as entries of their own kind', async () => {
    const { api } = await tab();
    await api.execute('alpha = 12345');
    expect(textOf(await api.execute(':vars'))).toMatch(/alpha +number +8 B {2}12345/);
    expect(textOf(await api.execute(':history'))).toContain('alpha = 12345');
    expect(textOf(await api.execute(':show 1'))).toBe('#1\nalpha = 12345\n\n(no output)');
    const help = await api.execute(':help');
    for (const { name } of COMMANDS) expect(textOf(help)).toContain(`:${name}`);
    expect(help.number).toBe(5);
    expect((await api.entries()).map(({ kind }) => kind)).toEqual([
      'code',
      ...Array<string>(4).fill('command'),
    ]);
  });

  it('say what was probably meant', async () => {
    const { api } = await tab();
    const outcome = await api.execute(':hlep');
    expect(outcome).toMatchObject({ number: 1, status: 'error' });
    expect(outcome.error?.evalue).toContain('Did you mean :help?');
    expect((await api.execute(':show x')).error?.evalue).toContain(':show n');
    expect((await api.execute(':clear nothing')).error?.evalue).toContain('no variable nothing');
  });

  it('compare saved states', async () => {
    const { api } = await tab();
    await api.execute('alpha = 12');
    await api.execute('alpha = 15');
    await api.execute(':save much');
    await api.execute('beta = 1');
    await api.files.write('data.txt', 'one\ntwo\n');
    await api.execute('gamma = 1');
    await api.files.write('data.txt', 'one\n2\n');
    const toNow = textOf(await api.execute(':compare 1'));
    expect(toNow).toMatch(/^From after #1 to now: 1 changed, 3 added\./m);
    expect(toNow).toMatch(/changed +alpha +number +12 +15/);
    expect(toNow).toMatch(/added +beta/);
    const files = textOf(await api.execute(':compare #5 now'));
    expect(files).toContain('data.txt:\n  one\n- two\n+ 2');
    expect(textOf(await api.execute(':compare 1 much'))).toContain('“much”, after #2: 1 changed.');
    expect(textOf(await api.execute(':compare now'))).toContain('Nothing is different.');
    for (const [wrong, said] of [
      ['', ':compare a [b]'],
      ['77', 'after #77'],
      ['3', 'after #3'],
      ['1 2 3', ':compare a [b]'],
      ['nowhere', 'named “nowhere”'],
    ])
      expect((await api.execute(`:compare ${wrong}`)).error?.evalue).toContain(said);
  });

  it('delete entries and give them back', async () => {
    const { api } = await tab();
    await api.execute('print secret');
    await api.execute(':del 1');
    expect((await api.entries()).map(({ number }) => number)).toEqual([2]);
    expect((await api.execute(':show 1')).error?.evalue).toContain('was deleted');
    await api.saved();
    expect(server.state.entries[0]).toMatchObject({ deleted: true, source: '', outputs: [] });
    expect(textOf(await api.execute(':undo'))).toContain('the deletion of #1');
    await api.saved();
    expect(server.state.entries[0]).toMatchObject({ deleted: false, source: 'print secret' });
    await api.execute(':redo');
    await api.saved();
    expect(server.state.entries[0]).toMatchObject({ deleted: true, source: '' });
  });

  it('take steps back in the order in which they were made', async () => {
    const opened = await tab();
    const { api } = opened;
    const values = () => Object.fromEntries(opened.runtime().values);
    await api.execute('a = 1');
    await api.execute('a = 2');
    await api.execute(':clear');
    await api.execute('b = 3');
    expect(textOf(await api.execute(':undo'))).toContain('the run of #4');
    expect(values()).toEqual({});
    expect(textOf(await api.execute(':undo'))).toContain('the removal of variables');
    expect(values()).toEqual({ a: 2 });
    await api.execute(':vars');
    await api.execute(':redo');
    await api.execute(':redo');
    expect(values()).toEqual({ b: 3 });
    await api.execute(':restore 1');
    expect(values()).toEqual({ a: 1 });
    await api.execute(':undo');
    expect(values()).toEqual({ b: 3 });
    await api.execute(':reset');
    await api.execute(':undo');
    expect(values()).toEqual({ b: 3 });
    await api.execute('c = 1');
    expect((await api.execute(':redo')).error?.evalue).toContain('nothing to bring back');
  });

  it('give a deleted entry back with the state saved after it', async () => {
    const opened = await tab();
    const { api } = opened;
    await api.execute('a = 1');
    await api.execute('a = 2');
    await api.saved();
    const [first] = server.state.snapshots;
    await api.execute(':del 1');
    await api.saved();
    expect(server.state.snapshots.map(({ number }) => number)).toEqual([2]);
    await api.execute(':undo');
    await api.saved();
    expect(server.state.snapshots[0]).toEqual(first);
    await api.execute(':redo');
    await api.execute(':undo');
    await api.execute(':restore 1');
    expect(opened.runtime().values.get('a')).toBe(1);
  });

  it('take the very first run back, and bring it again', async () => {
    const opened = await tab();
    const { api } = opened;
    await api.execute('a = 1');
    expect(textOf(await api.execute(':undo'))).toContain('the run of #1');
    expect(opened.runtime().values.size).toBe(0);
    expect(await api.variables()).toEqual([]);
    await api.saved();
    expect(server.state.head).toBeNull();
    expect((await api.execute(':undo')).error?.evalue).toContain('nothing to take back');
    await api.execute(':redo');
    expect(opened.runtime().values.get('a')).toBe(1);
    await api.execute(':undo');
    await api.execute('b = 2');
    await api.saved();
    expect(Object.fromEntries(opened.runtime().values)).toEqual({ b: 2 });
  });

  it('start empty again after the first run was taken back', async () => {
    const first = await tab();
    await first.api.execute('a = 1');
    await first.api.execute(':undo');
    await first.api.saved();
    first.close();
    const again = await browser.open(first.storage);
    open.push(again);
    await again.api.execute('print');
    expect(again.runtime().values.size).toBe(0);
    expect(await again.api.variables()).toEqual([]);
    await again.api.restore(1);
    expect(again.runtime().values.get('a')).toBe(1);
  });

  it('run a file as an entry with its text', async () => {
    const opened = await tab();
    const { api } = opened;
    await api.files.write('tool.py', 'loaded = 6');
    expect(await api.execute(':load tool.py')).toMatchObject({ number: 1, status: 'ok' });
    expect(opened.runtime().values.get('loaded')).toBe(6);
    await api.saved();
    expect(server.state.entries[0]).toMatchObject({
      kind: 'file',
      path: 'tool.py',
      source: 'loaded = 6',
    });
    const missing = await api.execute(':load other.py');
    expect(missing.error?.evalue).toContain('other.py');
    expect((await api.entries()).at(-1)).toMatchObject({ kind: 'command', status: 'error' });
  });

  it('say what they run again', async () => {
    const { api, live } = await tab();
    await api.files.write('tool.py', 'loaded = 6');
    await api.execute(':load tool.py');
    const again = (source: string, origin: number) => {
      const parsed = parseCommand(source);
      if (!parsed) throw new Error('no command');
      return live.commands.execute(source, parsed, undefined, undefined, origin);
    };
    await again(':load tool.py', 1);
    await api.execute(':vars');
    await again(':vars', 3);
    await api.saved();
    expect(server.state.entries.map(({ origin }) => origin)).toEqual([null, 1, null, 3]);
  });

  it('name states and go back to them by name', async () => {
    const opened = await tab();
    const { api } = opened;
    await api.execute('a = 1');
    expect(textOf(await api.execute(':save before lunch'))).toContain('named “before lunch”');
    expect(await api.snapshots()).toMatchObject([{ number: 1, label: 'before lunch' }]);
    await api.execute('a = 2');
    expect(textOf(await api.execute(':snapshots'))).toContain('before lunch');
    await api.execute(':restore before lunch');
    expect(opened.runtime().values.get('a')).toBe(1);
  });
});

describe('the words of commands', () => {
  it('knows commands from Python', () => {
    expect(parseCommand('x = 1')).toBeNull();
    expect(parseCommand('x[1:\n:2]')).toBeNull();
    expect(parseCommand(' :time for i in x:\n  pass\n')).toMatchObject({
      name: 'time',
      args: 'for i in x:\n  pass',
    });
    expect(parseCommand(':nonsense 1')).toMatchObject({ command: null, name: 'nonsense' });
  });

  it('finds the nearest name only when it is near', () => {
    expect(nearest('rset', ['reset', 'restore'])).toBe('reset');
    expect(nearest('hist', ['help', 'history'])).toBe('history');
    expect(nearest('nonsense', ['help', 'history'])).toBeNull();
  });

  it('lines columns up and tells times in few digits', () => {
    expect(table(['a', 'bb'], [['xyz', '1']], [1])).toBe('a    bb\n───  ──\nxyz   1');
    expect([0.00031, 12.345, 2400].map(shortTime)).toEqual(['310 ns', '12.3 ms', '2.4 s']);
  });
});
