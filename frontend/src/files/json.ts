/**
 * JSON text as a tree to open, or where it is wrong. It is read by hand: so numbers keep all their
 * digits, names that stand twice are shown twice, and a large text costs no more than its beginning.
 */
import type { Branch, TreeNode } from '../outputs/structure';

export type Missing = 'value' | 'key' | 'colon' | 'next' | 'end' | 'depth';

export interface Wrong {
  /** The place in the text, and as people count: from one. */
  at: number;
  line: number;
  column: number;
  /** What should stand there; `end` is nothing more, `depth` fewer brackets in brackets. */
  missing: Missing;
}

const MAX_NODES = 5_000;
const MAX_SHOWN_LEVELS = 20;
const MAX_LEVELS = 1_000;
const MAX_CHARS = 300;

const SPACE = /[ \t\n\r]*/y;
const STRING =
  // eslint-disable-next-line no-control-regex -- they may not stand in a string
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const OTHER = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

interface Level {
  branch: Branch;
  key: string | null;
  /** Whether what is in it is still shown, not only counted. */
  shown: boolean;
}

export function readJson(text: string): { tree: TreeNode } | { wrong: Wrong } {
  const levels: Level[] = [];
  let root: TreeNode | null = null;
  let left = MAX_NODES;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let wants: Missing = 'value';
  /** Right after an opening bracket the closing one may follow. */
  let fresh = false;

  const token = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const place = (node: TreeNode): void => {
    const level = levels.at(-1);
    wants = level ? 'next' : 'end';
    if (!level) {
      root = node;
      return;
    }
    const { branch, key } = level;
    const name = key ?? String(branch.size);
    branch.size += 1;
    if (level.shown && left > 0) branch.items.push([name, node]);
    else branch.more += 1;
    left -= 1;
  };
  const open = (bracket: '[' | '{'): void => {
    const close = bracket === '[' ? ']' : '}';
    const branch: Branch = { open: bracket, close, size: 0, items: [], more: 0 };
    const outer = levels.at(-1)?.shown ?? true;
    const shown = outer && left > 0 && levels.length < MAX_SHOWN_LEVELS;
    place(branch);
    levels.push({ branch, key: null, shown });
    wants = bracket === '[' ? 'value' : 'key';
    fresh = true;
  };

  for (;;) {
    at += token(SPACE)?.length ?? 0;
    const letter = text.charAt(at);
    const level = levels.at(-1);
    const closing = level?.branch.close;
    if (letter === '' && root !== null && !level) return { tree: root };
    if (closing && letter === closing && (fresh || wants === 'next')) {
      levels.pop();
      wants = levels.length ? 'next' : 'end';
      at += 1;
    } else if (wants === 'value' && (letter === '[' || letter === '{')) {
      if (levels.length === MAX_LEVELS) return { wrong: wrongAt(text, at, 'depth') };
      open(letter);
      at += 1;
      continue;
    } else if (wants === 'value' || wants === 'key') {
      const found = token(STRING) ?? (wants === 'value' ? token(OTHER) : null);
      if (found === null) return { wrong: wrongAt(text, at, wants) };
      if (level && wants === 'key') {
        level.key = readable(found);
        wants = 'colon';
      } else place({ text: readable(found) });
      at += found.length;
    } else if (wants === 'colon' && letter === ':') {
      wants = 'value';
      at += 1;
    } else if (wants === 'next' && letter === ',') {
      wants = closing === '}' ? 'key' : 'value';
      at += 1;
    } else return { wrong: wrongAt(text, at, wants) };
    fresh = false;
  }
}

/** A string with its letters instead of their numbers; anything else as it stands there. */
function readable(token: string): string {
  const text = token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token;
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS).toWellFormed()}…`;
}

function wrongAt(text: string, at: number, missing: Missing): Wrong {
  const before = text.slice(0, at).split('\n');
  const column = [...(before.at(-1) ?? '')].length + 1;
  return { at, line: before.length, column, missing };
}

/** The text around a place: two lines before, the rest of its own, of long lines a part. */
export function around(text: string, at: number): { before: string; here: string; after: string } {
  const lines = text.slice(Math.max(0, at - 200), at).split('\n');
  const [here = '', ...rest] = text.slice(at, at + 80).split('\n', 1)[0] ?? '';
  return { before: lines.slice(-3).join('\n'), here, after: rest.join('') };
}
