import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import english from './english.json';
import { sentence, Translator } from './translate';

interface Said {
  hints: string[];
  reasons: string[];
}
const path = resolve(import.meta.dirname, '../../../../tests/fixtures/sentences.json');
const said = JSON.parse(readFileSync(path, 'utf8')) as Said;

/** A made-up language: each sentence in brackets, each of its letters changed, its holes kept. */
const changed = (text: string) => text.replace(/%\{\w+\}|[a-z]/g, (one) => (one[1] ? one : 'ø'));
const madeUp = Object.fromEntries(
  Object.values(english)
    .flat()
    .map((text) => [text, `⟦${changed(text)}⟧`]),
);
const translator = new Translator(madeUp);

/** Words of the text that are of no program: those outside of `code` and quotes. */
const ownWords = (text: string) =>
  text
    .replace(/`[^`]*`|'[^']*'/g, '')
    .match(/\b[a-z]{3,}\b/g)
    ?.join(' ') ?? '';

afterEach(() => {
  document.documentElement.lang = 'en';
});

describe('what Python says', () => {
  it.each([...said.hints, ...said.reasons])('is shown in another language: %s', (text) => {
    const shown = translator.translate(text);
    expect(shown.startsWith('⟦') && shown.endsWith('⟧'), shown).toBe(true);
  });

  it('keeps nothing of its English but what programs are called', () => {
    const left = said.hints
      .map((text) => [translator.translate(text), ownWords(translator.translate(text))])
      .filter(([, words]) => words);
    expect(left).toEqual([]);
  });
});

describe('a translation', () => {
  const german = new Translator({
    '%{name} has no %{what}.%{more}': '%{what} hat %{name} nicht.%{more}',
    ' Did you mean %{meant}?': ' Meintest du %{meant}?',
    'the text': 'der Text',
    'as it is': 'wie es ist',
  });

  it('orders what it is filled with itself, and is a part of another', () => {
    expect(german.translate('`x` has no `y`. Did you mean the text?')).toBe(
      '`y` hat `x` nicht. Meintest du der Text?',
    );
    expect(german.translate('as it is')).toBe('wie es ist');
  });

  it('leaves what it does not know', () => {
    expect(german.translate('nothing of this')).toBe('nothing of this');
    expect(german.translate('')).toBe('');
    expect(german.translate('as it is not')).toBe('as it is not');
  });

  it('takes no longer for a text that is made to be hard', () => {
    const long = new Translator({ 'a%{a}a%{b}a%{c}a%{d}a%{e}b': 'x' });
    const begun = performance.now();
    expect(long.translate('a'.repeat(100_000))).toHaveLength(100_000);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('is asked for by the language of the page', () => {
    document.documentElement.lang = 'xx';
    expect(sentence('it cannot be read')).toBe('it cannot be read');
  });
});
