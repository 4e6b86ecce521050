import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import * as catalogue from './index';

/** Other names for what the glossary of ARCHITECTURE.md has one word for. */
const OTHER_NAMES = /\b(cells?|kernels?|checkpoints?|scopes?|sandbox|backend|participants?)\b/i;

/** Every sentence with its place; of a function its source, which has the sentence in it. */
function sentences(value: unknown, place: string): [string, string][] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value === 'function') return [[place, String(value)]];
  if (typeof value !== 'object' || value === null) return [[place, '']];
  return Object.entries(value).flatMap(([key, inner]) => sentences(inner, `${place}.${key}`));
}

const all = Object.entries(catalogue).flatMap(([area, words]) => sentences(words, area));

describe('the catalogue', () => {
  it('joins every area', () => {
    const files = readdirSync(dirname(fileURLToPath(import.meta.url)))
      .filter((name) => name.endsWith('.ts') && !name.startsWith('index'))
      .map((name) => name.slice(0, -3));
    expect(Object.keys(catalogue).sort()).toEqual(files.sort());
  });

  it('says something everywhere', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('keeps to the words of the glossary', () => {
    expect(all.filter(([, text]) => OTHER_NAMES.test(text))).toEqual([]);
  });
});
