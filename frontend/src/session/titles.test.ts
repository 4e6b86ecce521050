/** The same titles as in tests/sessions_app/test_links.py. */
import { describe, expect, it } from 'vitest';

import { titleProblem } from './titles';

describe('titles', () => {
  it.each(["<b>Title</b> & 'more'", 'שלום עולם', '👩‍💻 می‌خواهم', 'a\u200fb', 'x'.repeat(200)])(
    'takes %j',
    (title) => expect(titleProblem(title)).toBeNull(),
  );

  it.each([
    ['', 'needs'],
    ['\u200d\u200c', 'needs'],
    ['\u202etxt.exe', 'hidden'],
    ['a\tb', 'hidden'],
    ['a\nb', 'hidden'],
    ['x'.repeat(10_000), '10,000'],
    ['👍'.repeat(201), '201'],
  ])('refuses %j', (title, words) => expect(titleProblem(title)).toContain(words));
});
