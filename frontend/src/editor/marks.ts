/** Marks code as it is typed: errors of syntax, and gently names that look like slips. */
import { type Diagnostic, linter, nextDiagnostic } from '@codemirror/lint';
import { type Extension, StateEffect } from '@codemirror/state';
import { type EditorView, keymap } from '@codemirror/view';

import { sentence } from '../i18n/sentences/translate';
import { type Problem, readProblems } from './answers';
import type { Assistance } from './assistance';
import { KEYWORDS } from './keywords';

const DELAY_MS = 450;
/** Longer code is not checked. */
const MAX_CHARS = 200_000;

/** Asks for the marks anew: Python has become free, or has other names now. */
export const refreshMarks = StateEffect.define();

export function marks({ ask, file = false }: Assistance): Extension {
  /** Marks held back because the caret stands in them: the word is still being written. */
  let held = false;
  const check = async (view: EditorView): Promise<Diagnostic[]> => {
    const source = view.state.doc.toString();
    if (!source.trim() || source.startsWith(':') || source.length > MAX_CHARS) return [];
    try {
      const problems = readProblems(await ask('check', { source, file }), source.length);
      const { head } = view.state.selection.main;
      const shown = view.hasFocus
        ? problems.filter((problem) => !beingWritten(problem, source, head))
        : problems;
      held = shown.length < problems.length;
      return shown.map((problem) => diagnostic(problem, source));
    } catch {
      return [];
    }
  };
  return [
    linter(check, {
      delay: DELAY_MS,
      needsRefresh: ({ transactions, selectionSet }) =>
        (held && selectionSet) ||
        transactions.some(({ effects }) => effects.some((effect) => effect.is(refreshMarks))),
    }),
    keymap.of([{ key: 'F8', run: nextDiagnostic }]),
  ];
}

/** Whether the caret stands in a word that may become another one: `string.as` is no error yet. */
function beingWritten({ level, from, to }: Problem, source: string, head: number): boolean {
  if (level === 'info') return head >= from && head <= to;
  return head === to && KEYWORDS.has(source.slice(from, to));
}

function diagnostic({ from, to, level, message }: Problem, source: string): Diagnostic {
  // An empty mark at the end of a line would not be seen.
  const start = from === to && from > 0 && source[from - 1] !== '\n' ? from - 1 : from;
  return { from: start, to, severity: level, message: sentence(message) };
}
