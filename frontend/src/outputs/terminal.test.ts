import { describe, expect, it } from 'vitest';

import { applyCodes, penClasses, PLAIN } from './pen';
import { feed, finish, NOTHING, screenText, type Segment } from './terminal';

const text = (segments: readonly Segment[]) => segments.map((segment) => segment.text).join('');
const shown = (source: string) => text(screenText(source).segments);
const looks = (source: string) =>
  screenText(source).segments.map((segment) => [segment.text, penClasses(segment.pen)]);

/** The same text in pieces of every length must show the same. */
function inPieces(source: string, length: number): string {
  let carry = NOTHING;
  let done = '';
  let last = feed(carry, '');
  for (let at = 0; at < source.length; at += length) {
    last = feed(carry, source.slice(at, at + length));
    carry = last.carry;
    if (at + length < source.length) done += text(last.segments);
  }
  return done + text(finish(last).segments);
}

describe('plain text', () => {
  it('stays one segment, however many lines it has', () => {
    const source = 'line\n'.repeat(20_000);
    const { segments, lines } = screenText(source);
    expect(segments).toEqual([{ text: source, pen: PLAIN }]);
    expect(lines).toBe(20_000);
  });

  it('keeps markup and tabs as they are', () => {
    expect(shown('<b>\t&amp;</b>')).toBe('<b>\t&amp;</b>');
  });
});

describe('a terminal', () => {
  it.each([
    ['10 %\r20 %\r30 %', '30 %'],
    ['a long line\rshort', 'shortg line'],
    ['one\r\ntwo\r\n', 'one\ntwo\n'],
    ['abc\b\bX', 'aXc'],
    ['\b\bstart', 'start'],
    ['gone\x1b[2K\rnew', 'new'],
    ['left right\x1b[5D\rleft\x1b[K', 'left'],
    ['bell\x07 null\x00', 'bell null'],
    ['\x1b]0;a title\x07text', 'text'],
    ['\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['up\x1b[2A down\x1b[?25l', 'up down'],
  ])('shows %j as %j', (source, expected) => {
    expect(shown(source)).toBe(expected);
  });

  it('shows the same in whatever pieces the text comes', () => {
    const source = 'a\x1b[31mred\x1b[0m\r\nbar 1\rbar 22\x1b[K\nabc\b\bX\x1b]0;t\x07 end';
    for (let length = 1; length < source.length; length++)
      expect(inPieces(source, length), `pieces of ${length}`).toBe(shown(source));
  });

  it('bounds an unfinished line and an unfinished escape', () => {
    const long = feed(NOTHING, 'x'.repeat(40_000));
    expect(long.carry.line).toEqual([]);
    expect(text(long.segments)).toHaveLength(40_000);
    expect(feed(NOTHING, `\x1b]0;${'y'.repeat(5_000)}`).carry.escape.length).toBeLessThan(500);
  });
});

describe('colours', () => {
  it('begin, go on over lines and end', () => {
    expect(looks('a\x1b[1;31mb\nc\x1b[0md')).toEqual([
      ['a', ''],
      ['b\nc', 'ansi-bold ansi-fg-1'],
      ['d', ''],
    ]);
  });

  it('are carried from chunk to chunk', () => {
    const first = feed(NOTHING, '\x1b[32mgreen\n');
    const second = finish(feed(first.carry, 'still'));
    expect(penClasses(second.segments[0]?.pen ?? PLAIN)).toBe('ansi-fg-2');
  });

  it.each([
    ['38;5;196', { fg: 'rgb(255 0 0)' }],
    ['38;5;9', { fg: 9 }],
    ['48;2;1;2;999', { bg: 'rgb(1 2 255)' }],
    ['97;103', { fg: 15, bg: 11 }],
    ['1;22', {}],
    ['31;39', {}],
    ['', {}],
    ['38', {}],
    ['999;x', {}],
  ])('reads %j', (codes, expected) => {
    expect(applyCodes(PLAIN, codes)).toEqual({ ...PLAIN, ...expected });
  });
});
