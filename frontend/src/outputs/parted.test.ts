import { describe, expect, it } from 'vitest';

import { parted } from './parted';

const HEAD = ['Traceback (most recent call last):', '  File "<entry-1>", line 1, in <module>'];
const error = (ename: string, evalue: string, end: string[]) =>
  parted({ ename, evalue, traceback: [...HEAD, ...end] });

describe('an error', () => {
  const lines = HEAD.join('\n');

  it('is told once, with the hint that only the traceback has', () => {
    expect(error('NameError', 'no prnt', ['NameError: no prnt. Did you mean: print?'])).toEqual({
      lines,
      message: ': no prnt. Did you mean: print?',
    });
    expect(error('SyntaxError', 'bad (<entry-1>, line 1)', ['SyntaxError: bad'])).toEqual({
      lines,
      message: ': bad',
    });
  });

  it('leaves no piece of a name with its module behind', () => {
    const end = ['json.decoder.JSONDecodeError: Expecting value'];
    expect(error('JSONDecodeError', 'Expecting value', end)).toEqual({
      lines,
      message: ': Expecting value',
    });
  });

  it('keeps several lines and notes', () => {
    const end = ['ValueError: a', 'b', 'a note'];
    expect(error('ValueError', 'a\nb', end)).toEqual({ lines, message: ': a\nb\na note' });
  });

  it('may say nothing', () => {
    expect(error('KeyboardInterrupt', '', ['KeyboardInterrupt'])).toEqual({ lines, message: '' });
  });

  it('says the last one of a chain', () => {
    const end = ['ValueError: first', '', 'During handling another occurred:', '', ...HEAD];
    expect(error('ValueError', 'last', [...end, 'ValueError: last']).message).toBe(': last');
  });

  it('whose end is not recognized is told in its own words', () => {
    const end = ['  | ExceptionGroup: g (1 sub-exception)', '  +----'];
    expect(error('ExceptionGroup', 'g (1 sub-exception)', end)).toEqual({
      lines: [...HEAD, ...end].join('\n'),
      message: ': g (1 sub-exception)',
    });
  });
});
