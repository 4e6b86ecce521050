import { expect, test } from 'vitest';

import type { Entry, SessionState, VariableRow } from '../protocol.gen';
import { runAll } from './runAll';
import { unsavedOf } from './unsaved';

function entry(number: number, source: string, kind: Entry['kind'] = 'imported'): Entry {
  return {
    number,
    source,
    status: 'ok',
    executedAt: 1,
    fence: 0,
    durationMs: null,
    outputs: [],
    lost: false,
    deleted: false,
    pinned: false,
    kind,
    origin: null,
    path: null,
  };
}

function stateOf(entries: Entry[], rest: Partial<SessionState> = {}): SessionState {
  return {
    id: 's',
    epoch: 'e',
    seq: 1,
    title: 't',
    nextNumber: entries.length + 1,
    entriesFrom: 1,
    entries,
    variables: [],
    files: [],
    snapshots: [],
    head: null,
    marks: [],
    remakes: [],
    runner: null,
    reserved: null,
    ...rest,
  };
}

async function ran(all: Entry[], loaded: number, endings: { [source: string]: string } = {}) {
  let state = stateOf(all.slice(-loaded), { entriesFrom: all.length - loaded + 1 });
  const sources: string[] = [];
  const told: string[] = [];
  const stopped = await runAll({
    state: () => state,
    loadEarlier: () => {
      state = stateOf(all);
      return Promise.resolve();
    },
    execute: (source) => {
      sources.push(source);
      return Promise.resolve({
        number: all.length + sources.length,
        status: endings[source] ?? 'ok',
      });
    },
    tell: (done, of) => told.push(`${done}/${of}`),
  });
  return { stopped, sources, told };
}

test('all imported code runs in order, also what was not loaded yet', async () => {
  const all = [entry(1, 'a'), entry(2, ''), entry(3, 'own', 'code'), entry(4, 'b'), entry(5, 'c')];
  const { stopped, sources, told } = await ran(all, 2);
  expect(sources).toEqual(['a', 'b', 'c']);
  expect(told).toEqual(['1/3', '2/3', '3/3']);
  expect(stopped).toBeNull();
});

test('it stops at the first that does not end well', async () => {
  const { stopped, sources } = await ran([entry(1, 'a'), entry(2, 'b'), entry(3, 'c')], 3, {
    b: 'error',
  });
  expect(sources).toEqual(['a', 'b']);
  expect(stopped).toBe(5);
});

test('what a session file lacks is named once, with its reason', () => {
  const row = (name: string, saved: boolean): VariableRow => ({
    name,
    type: 'generator',
    sizeBytes: 1,
    preview: '',
    saved,
    reason: saved ? null : 'a running generator',
    missing: false,
    shape: null,
    entry: null,
  });
  const head = {
    id: 'h',
    number: 0,
    cause: 'execution' as const,
    manifest: { hash: '0'.repeat(64), size: 1 },
    bytes: 1,
    createdAt: 1,
    parent: null,
    unsaved: [
      { name: 'g', reason: 'a running generator cannot be saved' },
      { name: 'big.bin', reason: 'larger than 10 MB' },
    ],
    label: null,
  };
  const state = stateOf([], {
    variables: [row('x', true), row('g', false)],
    snapshots: [head, { ...head, id: 'old', unsaved: [{ name: 'past', reason: '' }] }],
    head: 'h',
  });
  expect(unsavedOf(state)).toEqual(head.unsaved);
});
