/**
 * LaTeX formulas as MathML, made element by element by KaTeX, never as a string of markup.
 *
 * It is loaded with the first formula. What could reach out or grow without end is off: links,
 * pictures and classes (`trust`), macros that expand for ever, huge sizes. What KaTeX cannot read
 * stays as it was written.
 */
import katex from 'katex';

import { type Formula, MAX_FORMULA_CHARS } from './formulaText';

const MAX_FORMULAS = 300;

/** Makes the elements of formulas, within a number of them. */
export class Formulas {
  #left = MAX_FORMULAS;

  element({ text: formula, display }: Formula): HTMLElement {
    const holder = document.createElement('span');
    holder.className = display ? 'formula block' : 'formula';
    this.#left -= 1;
    if (this.#left < 0 || formula.length > MAX_FORMULA_CHARS) return asWritten(holder, formula);
    try {
      katex.render(formula, holder, {
        displayMode: display,
        output: 'mathml',
        trust: false,
        strict: 'ignore',
        throwOnError: true,
        maxExpand: 500,
        maxSize: 20,
        macros: {},
      });
    } catch {
      return asWritten(holder, formula);
    }
    return holder;
  }
}

function asWritten(holder: HTMLElement, formula: string): HTMLElement {
  const code = document.createElement('code');
  code.textContent = formula;
  holder.replaceChildren(code);
  return holder;
}
