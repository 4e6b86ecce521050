/** Finds the tokens of Python: for code that is read, as the editor does for code that is written. */
import { pythonLanguage } from '@codemirror/lang-python';
import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';

import type { Token } from './tokens';

/** The same groups as in the editor's theme. */
const groups = tagHighlighter([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], class: 'word' },
  { tag: [tags.string, tags.special(tags.string)], class: 'string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'number' },
  { tag: tags.comment, class: 'comment' },
  {
    tag: [tags.definition(tags.variableName), tags.definition(tags.function(tags.variableName))],
    class: '',
  },
  { tag: [tags.function(tags.variableName), tags.className], class: 'name' },
  { tag: [tags.meta, tags.self], class: 'meta' },
]);

export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  highlightTree(pythonLanguage.parser.parse(source), groups, (from, to, name) => {
    if (name) tokens.push({ from, to, name });
  });
  return tokens;
}
