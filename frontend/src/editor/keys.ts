/**
 * What the Enter key means in the input box, and the small edits that keys make.
 *
 * Enter runs what is whole and goes on with what is not. Whether a text is whole Python is for the
 * runtime to say; the cases below are those in which a person plainly wants a new line, so nothing
 * is asked and nothing flickers.
 */

import { plainlyUnfinished } from './unfinished';

export interface Edit {
  text: string;
  /** Where the caret is afterwards. */
  caret: number;
}

const INDENT = '    ';

/** `newline` when Enter must only break the line; `ask` when the runtime decides. */
export function enterMeans(text: string, caret: number): 'newline' | 'ask' {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  if (text.trim() === '' || plainlyUnfinished(text)) return 'newline';
  if (lines.length === 1) return opensBlock(last) ? 'newline' : 'ask';
  if (text.slice(caret).trim() !== '') return 'newline';
  const insideBlock = /^\s/.test(last) && last.trim() !== '';
  return insideBlock || opensBlock(last) ? 'newline' : 'ask';
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

/** Indents the lines of the selection by one step, or takes one step back. */
export function indent(text: string, from: number, to: number, back: boolean): Edit {
  if (from === to && !back) {
    const column = from - (text.lastIndexOf('\n', from - 1) + 1);
    const spaces = INDENT.slice(column % INDENT.length);
    return { text: text.slice(0, from) + spaces + text.slice(to), caret: from + spaces.length };
  }
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const lines = text.slice(start, to).split('\n');
  const moved = lines.map((line) => (back ? line.replace(/^(?: {1,4}|\t)/, '') : INDENT + line));
  const block = moved.join('\n');
  return { text: text.slice(0, start) + block + text.slice(to), caret: start + block.length };
}

/** Whether an arrow key at the caret leaves the text, and so moves through the history. */
export function leaves(text: string, caret: number, up: boolean): boolean {
  return up ? !text.slice(0, caret).includes('\n') : !text.slice(caret).includes('\n');
}
