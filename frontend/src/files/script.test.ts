/** A script between the person's keys, this browser, the file and the server. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { TestLocks } from '../session/testing/locks';
import { fingerprint, KeptTexts } from './kept';
import { QUIET_MS, Script, type ScriptPorts } from './script.svelte';

/** A home folder with one file, and a server that confirms when told. */
class Folder {
  holds: string | null = 'a = 1\n';
  writes: string[] = [];
  held: (() => void)[] = [];
  confirm: (() => void)[] = [];
  broken = '';
  waits = false;

  ports(kept: ScriptPorts['kept'], readonly = false): ScriptPorts {
    return {
      load: () => Promise.resolve(this.holds),
      save: async (_path, text, expected) => {
        if (this.waits) await new Promise<void>((go) => this.held.push(go));
        if (this.broken) throw new Error(this.broken);
        if (this.holds !== expected) return this.holds;
        this.writes.push(text);
        this.holds = text;
        return text;
      },
      saved: () => new Promise<void>((done) => this.confirm.push(done)),
      kept,
      readonly,
    };
  }
}

/** The storage of a browser; each page on it keeps for itself. */
function memory(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index: number) => [...values.keys()][index] ?? null,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  } as unknown as Storage;
}

let folder: Folder;
let local: Storage;
let locks: TestLocks;

async function page(tab = memory()) {
  const before = new Set(locks.held());
  const kept = new KeptTexts('7', 'abc', { local, tab, locks: locks.manager() });
  const left = await kept.begin();
  const held = locks.held().filter((name) => !before.has(name));
  return { kept, left, tab, crash: () => locks.free(...held) };
}

async function open() {
  const { kept, left, tab, crash } = await page();
  const script = new Script('main.py', folder.holds, folder.ports(kept), left.get('main.py'));
  return { script, crash, tab };
}

/** Until what was typed is kept. */
const moment = () => vi.advanceTimersByTimeAsync(100);
const quiet = () => vi.advanceTimersByTimeAsync(QUIET_MS);

beforeEach(() => {
  vi.useFakeTimers();
  folder = new Folder();
  local = memory();
  locks = new TestLocks();
});
afterEach(() => vi.useRealTimers());

describe('saving by itself', () => {
  it('writes after a second of quiet and is saved when the server says so', async () => {
    const { script } = await open();
    expect(script.status).toBe('saved');
    script.edit('a = 2\n');
    expect(script.status).toBe('unsaved');
    await vi.advanceTimersByTimeAsync(QUIET_MS - 100);
    script.edit('a = 3\n');
    await vi.advanceTimersByTimeAsync(QUIET_MS - 100);
    expect(folder.writes).toEqual([]);
    await quiet();
    expect(folder.writes).toEqual(['a = 3\n']);
    expect(script.status).toBe('sending');
    folder.confirm.at(-1)?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(script.status).toBe('saved');
    expect(local.length).toBe(0);
  });

  it('writes what was typed while an earlier write waited', async () => {
    folder.waits = true;
    const { script } = await open();
    script.edit('a = 2\n');
    await quiet();
    expect(script.status).toBe('saving');
    script.edit('a = 3\n');
    folder.waits = false;
    folder.held[0]?.();
    await quiet();
    expect(folder.writes).toEqual(['a = 2\n', 'a = 3\n']);
  });

  it('writes at once before a run', async () => {
    const { script } = await open();
    script.edit('a = 2\n');
    await script.flush();
    expect(folder.holds).toBe('a = 2\n');
  });

  it('says why it could not write, keeps the text, and tries again', async () => {
    folder.broken = 'No room.';
    const { script } = await open();
    script.edit('a = 2\n');
    await expect(script.flush()).rejects.toThrow('No room.');
    expect(script.status).toBe('failed');
    expect(local.length).toBe(1);
    folder.broken = '';
    await script.flush();
    expect(folder.holds).toBe('a = 2\n');
  });

  it('keeps the line ends of the file', async () => {
    folder.holds = 'a = 1\r\nb = 2\r\n';
    const { script } = await open();
    expect(script.text).toBe('a = 1\nb = 2\n');
    expect(script.status).toBe('saved');
    script.edit('a = 1\nb = 3\n');
    await script.flush();
    expect(folder.holds).toBe('a = 1\r\nb = 3\r\n');
  });

  it('changes nothing for who may only read', async () => {
    const { kept } = await page();
    const script = new Script('main.py', folder.holds, folder.ports(kept, true));
    script.edit('a = 2\n');
    await quiet();
    expect([script.text, folder.writes, local.length]).toEqual(['a = 1\n', [], 0]);
  });

  it('says when the browser has no room to keep what was typed', async () => {
    local.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const { script } = await open();
    script.edit('a = 2\n');
    await moment();
    expect(script.kept).toBe(false);
    await quiet();
    folder.confirm.at(-1)?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(script.kept).toBe(true);
  });
});

describe('a crash', () => {
  it('before the write: the next page has the text and writes it', async () => {
    const first = await open();
    first.script.edit('typed half a second before');
    await moment();
    first.crash();
    const { script } = await open();
    expect(script.text).toBe('typed half a second before');
    expect(script.status).toBe('unsaved');
    await quiet();
    expect(folder.holds).toBe('typed half a second before');
  });

  it('after the write: nothing is left to do', async () => {
    const first = await open();
    first.script.edit('a = 2\n');
    await first.script.flush();
    await moment();
    first.crash();
    const { script } = await open();
    expect(script.status).toBe('saved');
    expect(local.length).toBe(0);
  });

  it('while the file was changed elsewhere: the person chooses', async () => {
    const first = await open();
    first.script.edit('mine');
    await moment();
    first.crash();
    folder.holds = 'theirs';
    const { script } = await open();
    expect([script.status, script.text, script.theirs?.text]).toEqual([
      'conflict',
      'mine',
      'theirs',
    ]);
  });

  it('while an earlier write was still on its way: no choice once it has arrived', async () => {
    const first = await open();
    first.script.edit('second');
    await first.script.flush();
    first.script.edit('third');
    await moment();
    first.crash();
    folder.holds = 'a = 1\n';
    const { script } = await open();
    expect(script.status).toBe('conflict');
    folder.holds = 'second';
    await script.look();
    expect([script.status, script.text]).toEqual(['unsaved', 'third']);
    await quiet();
    expect(folder.holds).toBe('third');
  });

  it('of one tab takes nothing from a tab that lives', async () => {
    const first = await open();
    first.script.edit('typed in the first tab');
    const { script } = await open();
    expect(script.text).toBe('a = 1\n');
  });
});

describe('a change by somebody else', () => {
  it('is shown at once where nothing is unsent', async () => {
    const { script } = await open();
    folder.holds = 'b = 2\n';
    await script.look();
    expect([script.text, script.status]).toEqual(['b = 2\n', 'saved']);
  });

  it('is found by the write, which then writes nothing', async () => {
    const { script } = await open();
    script.edit('mine');
    folder.holds = 'theirs';
    await quiet();
    expect(script.status).toBe('conflict');
    expect(folder.holds).toBe('theirs');
    script.edit('mine, longer');
    await quiet();
    expect(folder.writes).toEqual([]);
    await expect(script.flush()).rejects.toThrow('two versions');
  });

  it('is overwritten by choice', async () => {
    const { script } = await open();
    script.edit('mine');
    folder.holds = 'theirs';
    await quiet();
    script.keepMine();
    await vi.advanceTimersByTimeAsync(0);
    expect(folder.holds).toBe('mine');
    expect(script.theirs).toBeNull();
  });

  it('is taken by choice, and the own text is given for a way back', async () => {
    const { script } = await open();
    script.edit('mine');
    folder.holds = 'theirs';
    await quiet();
    expect(script.takeTheirs()).toBe('mine');
    expect([script.text, script.status, local.length]).toEqual(['theirs', 'saved', 0]);
  });

  it('that removes the file leaves the text, to be written again by choice', async () => {
    const { script } = await open();
    folder.holds = null;
    await script.look();
    expect([script.text, script.status]).toEqual(['a = 1\n', 'gone']);
    script.keepMine();
    await vi.advanceTimersByTimeAsync(0);
    expect(folder.holds).toBe('a = 1\n');
  });

  it('that is undone is no change', async () => {
    const { script } = await open();
    folder.holds = null;
    await script.look();
    folder.holds = 'a = 1\n';
    await script.look();
    expect(script.status).toBe('saved');
  });
});

it('tells texts apart by their fingerprints', () => {
  const texts = ['', 'a', 'b', 'ab', 'ba', 'x = 1\n', 'x = 2\n', null];
  expect(new Set(texts.map(fingerprint)).size).toBe(texts.length);
});
