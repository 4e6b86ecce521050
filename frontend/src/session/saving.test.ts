/** The header's words about saving are true. */
import { describe, expect, it } from 'vitest';
import { PlaygroundError } from './errors';
import { homePath } from './paths';
import { savingView, type SavingFacts } from './saving';

const fine: SavingFacts = {
  online: true,
  connecting: false,
  unsent: false,
  kept: true,
  refusal: null,
  unsaved: [],
  ended: false,
};
const lost = ['a', 'b', 'c', 'd'].map((name) => ({ name, reason: 'r' }));

describe('savingView', () => {
  it.each([
    [{}, 'saved', 'Saved'],
    [{ unsent: true }, 'saving', 'Saving…'],
    [{ online: false, unsent: true }, 'offline', 'Offline: kept in this browser'],
    [
      { online: false, unsent: true, kept: false },
      'offline',
      'Offline: kept only in this open page',
    ],
    [{ online: false, connecting: true }, 'saving', 'Connecting…'],
    [{ online: false, connecting: true, unsent: true }, 'saving', 'Saving…'],
    [{ online: false }, 'offline', 'Offline: all work so far is saved'],
    [{ unsaved: lost }, 'incomplete', 'Saved, but not a, b, c and 1 more'],
    [{ refusal: new PlaygroundError('limit', 'Full.') }, 'refused', 'Not saved: Full.'],
    [{ ended: true }, 'refused', 'Not saved: the session cannot be reached any more'],
  ] as const)('%j is %s', (facts, kind, text) => {
    const unsaved = 'unsaved' in facts ? { unsaved: lost } : {};
    expect(savingView({ ...fine, ...facts })).toEqual({ kind, text, ...unsaved });
  });
});

describe('homePath', () => {
  it.each(['a.txt', 'data/a b.csv', './x', 'ä/ö.txt'])('takes %s', (path) => {
    expect(homePath(path)).toBe(path.replace('./', ''));
  });

  it.each(['', '/etc/x', '../x', 'a/../b', 'a//b', 'a/', 'a\\b', 'a\u0000', 'x'.repeat(401), 7])(
    'refuses %j',
    (path) => {
      expect(() => homePath(path)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );
});
