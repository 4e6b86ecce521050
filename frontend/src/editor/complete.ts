/**
 * Completion: from the live namespace while Python is idle, else from the words that are on the
 * page. Session commands complete after a colon at the very beginning.
 */
import type {
  Completion,
  CompletionContext,
  CompletionResult,
  CompletionSource,
} from '@codemirror/autocomplete';

import { words } from '../i18n/editor';
import { afterFrame } from './afterFrame';
import { type Item, type Kind, readCompletions, readHelp } from './answers';
import type { Assistance } from './assistance';
import { helpNode } from './help';
import { KEYWORDS } from './keywords';

/** Kinds that Python can explain. */
const EXPLAINED = new Set<Kind>(['class', 'function', 'module', 'property', 'variable']);
const COMMON =
  'abs all any bool dict enumerate float input int isinstance len list max min open print range ' +
  'reversed round set sorted str sum tuple type zip';
/** How far from the caret, and from the end of the transcript, words are looked for. */
const MAX_WORDS_CHARS = 25_000;
const MAX_WORDS = 100;

export function completionSource(assistance: Assistance): CompletionSource {
  return async (context) => {
    const command = context.matchBefore(/^:[\w-]*/);
    if (command && context.state.doc.lineAt(context.pos).number === 1)
      return commands(assistance, command.from);
    if (!context.explicit && !context.matchBefore(/[\w.'"[/(]/)) return null;
    // The list comes in the frame after that of the key.
    const painted = afterFrame();
    try {
      return await fromPython(assistance, context);
    } catch {
      await painted;
      return fromPage(assistance, context);
    } finally {
      await painted;
    }
  };
}

function commands({ commands = [] }: Assistance, from: number): CompletionResult | null {
  const options = commands.map(({ name, help }) => ({ label: `:${name}`, detail: help }));
  return options.length ? { from, options, validFor: /^:[\w-]*$/ } : null;
}

async function fromPython(
  { ask }: Assistance,
  { state, pos, explicit }: CompletionContext,
): Promise<CompletionResult | null> {
  const source = state.doc.toString();
  const answer = readCompletions(await ask('complete', { source, place: pos, explicit }));
  if (!answer || answer.from > pos) return null;
  const { from, items } = answer;
  const before = source.slice(0, from);
  const inString = items.some(({ kind }) => kind === 'file' || kind === 'key');
  return {
    from,
    options: items.map((item) => option(item, ask, before)),
    validFor: inString ? /^[^\n'"\]]*$/ : /^\w*$/,
  };
}

function option(item: Item, ask: Assistance['ask'], before: string): Completion {
  const { label, kind, apply, boost } = item;
  const detail = item.detail ?? words.kinds[kind];
  const explain = async () => {
    const source = before + label;
    const help = readHelp(await ask('describe', { source, place: source.length }));
    return help && helpNode(help);
  };
  return {
    label,
    type: kind,
    boost,
    detail,
    ...(apply === undefined ? {} : { apply }),
    ...(EXPLAINED.has(kind) ? { info: () => explain().catch(() => null) } : {}),
  };
}

/**
 * What can be offered without Python: words of the draft and the transcript, and keywords. Only those
 * that begin like the word being written, the nearest first: a long file has thousands.
 */
function fromPage({ text }: Assistance, context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/(?<![\w.])[^\W\d]\w*/);
  if (!word) return null;
  const draft = context.state.doc;
  const before = draft.sliceString(Math.max(0, word.from - MAX_WORDS_CHARS), word.from);
  const after = draft.sliceString(word.to, word.to + MAX_WORDS_CHARS);
  const fits = new RegExp(`(?<![\\w.])${word.text}\\w+`, 'gi');
  const near = [...(before.match(fits) ?? []).reverse(), ...(after.match(fits) ?? [])];
  const shown = text?.().slice(-MAX_WORDS_CHARS).match(fits) ?? [];
  const keywords = new Set([...KEYWORDS, ...COMMON.split(' ')]);
  const others = [...new Set([...near, ...shown.reverse()])].filter(
    (label) => label.length > 2 && !keywords.has(label),
  );
  const options = [
    ...others.slice(0, MAX_WORDS).map((label) => ({ label, detail: words.kinds.text, boost: 5 })),
    ...[...keywords].map((label) => ({ label, detail: words.kinds.keyword })),
  ];
  const validFor = (now: string) => /^\w*$/.test(now) && now.startsWith(word.text);
  return { from: word.from, options, validFor };
}
