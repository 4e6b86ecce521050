import { describe, expect, it } from 'vitest';

import { withoutPrompts } from './paste';

describe('a pasted transcript', () => {
  it.each([
    ['of Python', '>>> x = 1\n>>> x\n1\n>>> x + 1\n2\n', 'x = 1\nx\nx + 1'],
    [
      'with a block',
      '>>> for i in range(2):\n...     print(i)\n...\n0\n1\n>>> i\n1',
      'for i in range(2):\n    print(i)\n\ni',
    ],
    ['that is indented, as in a manual', '    >>> 1 + 1\n    2', '1 + 1'],
    ['with Windows line ends', '>>> 1\r\n1\r\n>>> 2\r\n2\r\n', '1\n2'],
    ['whose output has dots', '>>> print("...")\n...\n>>> 3', 'print("...")\n\n3'],
    [
      'of IPython',
      'In [1]: def f():\n   ...:     return 1\n   ...: \n\nIn [2]: f()\nOut[2]: 1\n',
      'def f():\n    return 1\n\nf()',
    ],
    [
      'with an error',
      '>>> 1/0\nTraceback (most recent call last):\n  File "<stdin>", line 1\nZeroDivisionError: x\n>>> 2',
      '1/0\n2',
    ],
  ])('%s becomes code', (_, text, code) => expect(withoutPrompts(text)).toBe(code));

  it.each(['x = 1', '', 'print(">>> no")', 'x = """\n>>> doctest\n"""', '>>>x', '... x'])(
    'is not what %j is',
    (text) => expect(withoutPrompts(text)).toBeNull(),
  );
});
