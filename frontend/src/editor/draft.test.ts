import { expect, it } from 'vitest';

import { keepDraft, keptDraft } from './draft';

it('keeps the draft of each session apart, and forgets an empty one', () => {
  keepDraft('one', 'x = 1');
  expect(keptDraft('one')).toBe('x = 1');
  expect(keptDraft('two')).toBe('');
  keepDraft('one', '');
  expect(keptDraft('one')).toBe('');
});
