import { describe, expect, it } from 'vitest';

import type { StreamOutput } from '../protocol.gen';
import { toBlocks } from './blocks';
import { choose, imageAddress } from './bundle';
import { fold, layOut } from './fold';
import { screenText } from './terminal';

const chunk = (text: string): StreamOutput => ({ type: 'stream', name: 'stdout', text });
const join = (segments: readonly { text: string }[]) => segments.map(({ text }) => text).join('');

describe('fold', () => {
  it('shows short output whole', () => {
    expect(fold([screenText('line\n'.repeat(200))])).toBeNull();
  });

  it('shows the ends of many lines and counts the rest', () => {
    const lines = Array.from({ length: 20_000 }, (_, number) => `line ${number}\n`);
    const folded = fold([screenText(lines.join(''))]);
    expect(join(folded?.head ?? [])).toBe(lines.slice(0, 30).join(''));
    expect(join(folded?.tail ?? [])).toBe(lines.slice(-30).join(''));
    expect(folded?.hiddenLines).toBe(20_000 - 60);
  });

  it('folds one endless line by characters', () => {
    const folded = fold([screenText('x'.repeat(100_000))]);
    expect(join(folded?.head ?? [])).toHaveLength(4_000);
    expect(join(folded?.tail ?? [])).toHaveLength(4_000);
    expect(folded?.hiddenChars).toBe(92_000);
  });

  it('shows few of very many colours', () => {
    const folded = fold([screenText('\x1b[31ma\x1b[32mb'.repeat(3_000))]);
    expect(folded?.head).toHaveLength(1_000);
    expect(folded?.tail).toHaveLength(1_000);
    expect(folded?.hiddenChars).toBe(4_000);
  });

  it('keeps the looks of the ends', () => {
    const folded = fold([screenText(`\x1b[31mred\x1b[0m\n${'x\n'.repeat(500)}`)]);
    expect(folded?.head[0]).toMatchObject({ text: 'red\n', pen: { fg: 1 } });
  });
});

describe('layOut', () => {
  it('reads again only what changed', () => {
    const chunks = [chunk('a\nb'), chunk('c\n'), chunk('d')];
    const before = layOut(chunks);
    const after = layOut([...chunks.slice(0, 2), chunk('d and more')]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after.map(({ segments }) => join(segments)).join('')).toBe('a\nbc\nd and more');
  });

  it('lets a chunk write over the line that the one before left open', () => {
    const parts = layOut([chunk('10 %'), chunk('\r99 %\n')]);
    expect(parts.map(({ segments }) => join(segments)).join('')).toBe('99 %\n');
  });
});

describe('blocks', () => {
  it('join neighbouring chunks of one stream only', () => {
    const error: StreamOutput = { type: 'stream', name: 'stderr', text: 'e' };
    const blocks = toBlocks([chunk('a'), chunk('b'), error, chunk('c')]);
    expect(blocks.map(({ key, kind }) => [key, kind])).toEqual([
      [0, 'stream'],
      [2, 'stream'],
      [3, 'stream'],
    ]);
  });
});

describe('choose', () => {
  const bundle = (data: { [mime: string]: string }, blobs = {}) =>
    choose({ type: 'display_data', data, blobs });

  it('takes the richest form', () => {
    expect(bundle({ 'text/plain': 'x', 'text/html': '<b>' })?.form).toBe('html');
    expect(bundle({ 'text/plain': 'x', 'image/png': 'AA==' })?.form).toBe('image');
    expect(bundle({ 'text/plain': 'x', 'application/javascript': 'evil()' })?.inline).toBe('x');
  });

  it('knows what must be fetched', () => {
    const blob = { hash: 'ab', size: 3 };
    expect(bundle({ 'text/plain': 'x' }, { 'image/png': blob })).toMatchObject({ blob });
  });

  it('has nothing for what it does not know', () => {
    expect(bundle({ 'application/javascript': 'evil()' })).toBeNull();
    expect(bundle({})).toBeNull();
  });

  it('makes an address of any SVG text', () => {
    expect(imageAddress('image/svg+xml', '<svg>\ud800#"</svg>')).not.toMatch(/[<"]/);
  });
});
