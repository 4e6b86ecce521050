/**
 * A quick look at whether a text of Python is plainly unfinished: an open bracket or an open
 * triple quote. It answers at once, also while Python is busy; the runtime has the last word.
 */

const OPENING = '([{';
const CLOSING = ')]}';
const TOKEN = /"""|'''|#[^\n]*|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[()[\]{}]/gs;

export function plainlyUnfinished(text: string): boolean {
  let depth = 0;
  let quote = '';
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const token = found[0];
    if (token === '"""' || token === "'''") {
      const end = closing(text, token, TOKEN.lastIndex);
      if (end === -1) quote = token;
      TOKEN.lastIndex = end === -1 ? text.length : end;
    } else if (OPENING.includes(token)) depth++;
    else if (CLOSING.includes(token)) depth--;
  }
  return quote !== '' || depth > 0;
}

/** The place after the closing triple quote, or -1. A backslash hides the character after it. */
function closing(text: string, quote: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(quote, at)) return at + quote.length;
  }
  return -1;
}
