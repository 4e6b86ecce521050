/**
 * Shows the sentences that Python made in the language of whoever looks.
 *
 * A hint or a reason is made in the runtime, and kept, as an English sentence: everybody can read it,
 * whatever language was chosen where it was made. `english.json` has all of them with their holes,
 * collected from the runtime's code; a language is a table from each to its translation. A sentence
 * is recognized by what stands between its holes; what fills them is looked at in the same way, for
 * a sentence may be a part of another. What is not recognized stays as it is.
 */

/** From English sentences to those of another language, both with holes like `%{name}`. */
export type Translations = Readonly<Record<string, string>>;

/** The languages other than English, by the code in the page's `lang`. */
const LANGUAGES: Readonly<Record<string, Translations>> = {};

const HOLE = /%\{(\w+)\}/;
/** Sentences within sentences are no deeper. */
const MAX_DEPTH = 4;

interface Form {
  /** What stands before, between and after the holes. */
  readonly texts: readonly string[];
  readonly holes: readonly string[];
  readonly said: string;
}

export class Translator {
  readonly #forms: readonly Form[];

  constructor(translations: Translations) {
    const length = ({ texts }: Form) => texts.join('').length;
    this.#forms = Object.entries(translations)
      .map(([english, said]) => formOf(english, said))
      // Of several that fit, the one that says most itself is meant.
      .sort((one, other) => length(other) - length(one));
  }

  translate(text: string, depth = 0): string {
    if (depth === MAX_DEPTH) return text;
    for (const form of this.#forms) {
      const filled = fill(form, text);
      if (filled)
        return form.said.replace(new RegExp(HOLE, 'g'), (hole, name: string) => {
          const value = filled.get(name);
          return value === undefined ? hole : this.translate(value, depth + 1);
        });
    }
    return text;
  }
}

function formOf(english: string, said: string): Form {
  const parts = english.split(HOLE);
  return {
    texts: parts.filter((_, index) => index % 2 === 0),
    holes: parts.filter((_, index) => index % 2 === 1),
    said,
  };
}

/** What the holes of a sentence hold in a text; null when it is another sentence. */
function fill({ texts, holes }: Form, text: string): Map<string, string> | null {
  const [first = '', ...others] = texts;
  const last = others.pop();
  if (last === undefined) return text === first ? new Map() : null;
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return null;
  const found = new Map<string, string>();
  let at = first.length;
  for (const [index, hole] of holes.entries()) {
    const next = others[index];
    const stop = next === undefined ? end : text.indexOf(next, at);
    if (stop === -1 || stop + (next?.length ?? 0) > end) return null;
    const value = text.slice(at, stop);
    if ((found.get(hole) ?? value) !== value) return null;
    found.set(hole, value);
    at = stop + (next?.length ?? 0);
  }
  return found;
}

let known: { language: string; translator: Translator | null } | undefined;

/** A sentence of Python's in the language of the page. */
export function sentence(text: string): string {
  const language = document.documentElement.lang;
  if (known?.language !== language) {
    const translations = LANGUAGES[language];
    known = { language, translator: translations ? new Translator(translations) : null };
  }
  return known.translator?.translate(text) ?? text;
}
