/**
 * What the Enter key means in the input box, and the small edits that keys make.
 *
 * Enter runs what is whole and goes on with what is not. Whether a text is whole Python is for the
 * runtime to say; the cases below are those in which a person plainly wants a new line, so nothing
 * is asked and nothing flickers.
 */

import { plainlyUnfinished } from './unfinished';

const INDENT = '    ';

/** `newline` when Enter must only break the line; `ask` when the runtime decides. */
export function enterMeans(text: string, caret: number): 'newline' | 'ask' {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  if (text.trim() === '' || plainlyUnfinished(text)) return 'newline';
  if (goesOnInBrackets(text, caret)) return 'newline';
  if (lines.length === 1) return opensBlock(last) ? 'newline' : 'ask';
  if (text.slice(caret).trim() !== '') return 'newline';
  const insideBlock = /^\s/.test(last) && last.trim() !== '';
  return insideBlock || opensBlock(last) ? 'newline' : 'ask';
}

/**
 * Whether the caret stands before brackets that the editor closed by itself, after something that
 * wants more: a comma, an operator, the beginning of a list. A call may be complete: `print(|)`.
 */
function goesOnInBrackets(text: string, caret: number): boolean {
  const before = text.slice(0, caret).trimEnd();
  const after = text.slice(caret).trim();
  if (!after || !/^[)\]}\s]+$/.test(after) || !plainlyUnfinished(before)) return false;
  return /(?:[,+\-*/%<>=&|^~[{:]|(?:^|[^\w)\]])\(|\b(?:and|or|not|in|is|if|else|for))$/.test(
    before,
  );
}

function opensBlock(line: string): boolean {
  const code = line.replace(/\s#[^'"]*$/, '').trimEnd();
  return code.endsWith(':') || code.endsWith('\\') || /^\s*@\w/.test(code);
}

/** The line break to insert at the caret, with the indentation that goes on from there. */
export function lineBreak(text: string, caret: number): string {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  if (opensBlock(line) && line.trimEnd().endsWith(':')) return `\n${indent}${INDENT}`;
  const leaves = /^\s*(?:return|pass|break|continue|raise)\b/.test(line);
  return `\n${leaves ? indent.slice(0, -INDENT.length) : indent}`;
}

/** Whether an arrow key at the caret leaves the text, and so moves through the history. */
export function leaves(text: string, caret: number, up: boolean): boolean {
  return up ? !text.slice(0, caret).includes('\n') : !text.slice(caret).includes('\n');
}
