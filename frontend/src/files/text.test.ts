import { describe, expect, it } from 'vitest';

import { freePath, shown, wrongWith } from './names';
import { decode, decodeExactly, encode, lineEnd } from './text';

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

describe('the text of bytes', () => {
  it('is read as UTF-8 and kept to the byte', () => {
    const text = '\ufeffnaïve = "🐍"\r\n';
    expect(decodeExactly(encode(text))).toBe(text);
    expect(decode(encode(text))).toEqual({ text: text.slice(1), encoding: 'UTF-8' });
  });

  it('is read as UTF-16 by its mark, else as Latin-1', () => {
    expect(decode(bytes(0xff, 0xfe, 0x41, 0, 0xe9, 0))).toEqual({ text: 'Aé', encoding: 'UTF-16' });
    expect(decode(bytes(0xfe, 0xff, 0, 0x41))).toEqual({ text: 'A', encoding: 'UTF-16' });
    expect(decode(bytes(0x63, 0x61, 0x66, 0xe9))).toEqual({ text: 'café', encoding: 'Latin-1' });
  });

  it('is none where there are control characters', () => {
    expect(decode(bytes(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1))).toBeNull();
    expect(decodeExactly(bytes(0x41, 0))).toBeNull();
  });

  it('has the line ends of most of its lines', () => {
    expect(lineEnd('a\r\nb\r\nc\n')).toBe('\r\n');
    expect(lineEnd('a\nb\n')).toBe('\n');
    expect(lineEnd('')).toBe('\n');
  });
});

describe('names', () => {
  it.each(['main.py', 'data/table 1.csv', '<b>x</b>.txt', 'größe.txt', '.hidden', '日本.txt'])(
    'takes %s',
    (name) => expect(wrongWith(name)).toBe(''),
  );

  it.each([
    ['../../x', /home folder/],
    ['a/./b', /home folder/],
    ['/etc/passwd', /empty/],
    ['a//b', /empty/],
    ['a\\b', /backslash/],
    ['x'.repeat(300), /too long: it has 300/],
    ['invoice\u202egpj.exe', /cannot be seen/],
    ['a\u0000b', /cannot be seen/],
    [' a', /space/],
    ['', /needs a name/],
  ])('refuses %j in words', (name, why) => expect(wrongWith(name)).toMatch(why));

  it('shows what would not be seen', () => {
    expect(shown('a\u202eb\u0007.py')).toBe('a⟨U+202E⟩b⟨U+0007⟩.py');
  });

  it('finds a free name beside a taken one', () => {
    const taken = new Set(['d/a.tar.gz', 'd/a.tar 2.gz', 'README', '.env']);
    const free = (path: string) => freePath(path, (other) => taken.has(other));
    expect(['d/a.tar.gz', 'README', '.env', 'new'].map(free)).toEqual([
      'd/a.tar 3.gz',
      'README 2',
      '.env 2',
      'new',
    ]);
  });
});
