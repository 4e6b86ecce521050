import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import { python } from '@codemirror/lang-python';
import { EditorState } from '@codemirror/state';
import { afterEach, expect, it, vi } from 'vitest';

import { boundParsing } from './parsing';

const LINES = Array.from({ length: 2_000 }, (_, line) => `value_${line} = [${line}, 'text']\n`);

afterEach(() => vi.restoreAllMocks());

it('stops after a few milliseconds of a key, with the code around it parsed', () => {
  boundParsing();
  let state = EditorState.create({ doc: LINES.join(''), extensions: python() });
  ensureSyntaxTree(state, state.doc.length, 60_000);
  state = state.update({}).state;
  expect(syntaxTree(state).length).toBe(state.doc.length);

  // A clock on which a millisecond passes whenever it is read, as it is after each step.
  let now = 1_000;
  vi.spyOn(Date, 'now').mockImplementation(() => (now += 1));
  // An open bracket: nothing below it is what it was.
  state = state.update({ changes: { from: 0, insert: 'first = (' } }).state;
  expect(now - 1_000).toBeLessThan(10);
  expect(syntaxTree(state).length).toBeGreaterThan(9);
  expect(syntaxTree(state).length).toBeLessThan(state.doc.length);
});
