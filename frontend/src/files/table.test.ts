import { describe, expect, it } from 'vitest';

import { parse, sniff } from './table';

const rows = (text: string, delimiter = ',') => parse(text, delimiter, 100).rows;

describe('a table in text', () => {
  it('is parted at delimiters and line ends of every kind', () => {
    expect(rows('a,b\n1,2\r\n3,\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', ''],
    ]);
  });

  it('honours quotes, quotes in quotes, and line ends in quotes', () => {
    expect(rows('"a, b","say ""x""","two\nlines"\n1,2,3')).toEqual([
      ['a, b', 'say "x"', 'two\nlines'],
      ['1', '2', '3'],
    ]);
  });

  it('ends with what is there when a quote is not closed', () => {
    expect(rows('a,"b\nc')).toEqual([['a', 'b\nc']]);
  });

  it('keeps an empty last field', () => {
    expect(rows('a,b,')).toEqual([['a', 'b', '']]);
  });

  it('stops after the rows asked for and says that there are more', () => {
    const text = Array.from({ length: 5 }, (_, row) => `${row},x`).join('\n');
    expect(parse(text, ',', 3)).toMatchObject({ more: true, rows: { length: 3 } });
    expect(parse(text, ',', 5).more).toBe(false);
  });

  it.each([
    ['a;b;c\n1,5;2,5;3', ';'],
    ['a\tb\n1\t2', '\t'],
    ['name,age\n"Lovelace; Ada",36', ','],
    ['x|y\n1|2', '|'],
    ['one column\nonly', ','],
    ['', ','],
  ])('guesses the delimiter of %j', (text, delimiter) => expect(sniff(text)).toBe(delimiter));
});
