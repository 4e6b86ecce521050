import { expect, it } from 'vitest';

import { keepDraft, keptDraft } from './draft';

it('keeps the draft of each person and session apart, and forgets an empty one', () => {
  keepDraft('1', 'one', 'x = 1');
  expect(keptDraft('1', 'one')).toBe('x = 1');
  expect(keptDraft('1', 'two')).toBe('');
  expect(keptDraft('2', 'one')).toBe('');
  keepDraft('1', 'one', '');
  expect(keptDraft('1', 'one')).toBe('');
});
