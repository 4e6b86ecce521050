/**
 * Help beside the code: of the name under the pointer or the caret, and of the call that is being
 * written. Python's texts are shown as text only.
 */
import { type EditorState, type Extension, Prec, StateEffect, StateField } from '@codemirror/state';
import {
  type EditorView,
  hoverTooltip,
  keymap,
  showTooltip,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

import { type Help, readHelp, readSignature, type Signature } from './answers';
import type { Assistance } from './assistance';

const HOVER_MS = 350;
/** How far back a call is looked for, in characters. */
const CALL_CHARS = 5_000;

const setTip = StateEffect.define<Tooltip | null>();

/** The one tip at the caret: a signature, or the help that was asked for by key. */
const tip = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setTip)) return effect.value;
    if (!shown || !transaction.docChanged) return shown;
    return { ...shown, pos: transaction.changes.mapPos(shown.pos) };
  },
  provide: (field) => showTooltip.from(field),
});

export function help(assistance: Assistance): Extension {
  const { ask } = assistance;
  const at = async (state: EditorState, place: number) =>
    readHelp(await ask('describe', { source: state.doc.toString(), place }));
  const show = (view: EditorView) => {
    const place = view.state.selection.main.head;
    void at(view.state, place).then(
      (found) => view.dispatch({ effects: setTip.of(found && tooltip(place, helpNode(found))) }),
      () => undefined,
    );
    return true;
  };
  return [
    tip,
    signatures(assistance),
    hoverTooltip(
      async (view, pos) => {
        const found = await at(view.state, pos).catch(() => null);
        if (!found || found.to > view.state.doc.length) return null;
        return { pos: found.from, end: found.to, above: true, create: () => dom(helpNode(found)) };
      },
      { hoverTime: HOVER_MS },
    ),
    // Before the editor's own meaning of Mod-i.
    Prec.high(
      keymap.of([
        { key: 'Mod-i', run: show },
        { key: 'Escape', run: (view) => close(view) },
      ]),
    ),
  ];
}

function close(view: EditorView): boolean {
  if (view.state.field(tip)) view.dispatch({ effects: setTip.of(null) });
  // Escape means more than this.
  return false;
}

/** Asks for the signature whenever the caret may be inside a call. */
function signatures({ ask }: Assistance): Extension {
  return ViewPlugin.fromClass(
    class {
      latest = 0;

      update({ docChanged, selectionSet, view, state }: ViewUpdate): void {
        if (!docChanged && !selectionSet) return;
        const number = ++this.latest;
        const place = state.selection.main.head;
        const near = state.sliceDoc(Math.max(0, place - CALL_CHARS), place);
        if (!view.hasFocus || !mayBeCall(near)) {
          if (state.field(tip)) void Promise.resolve().then(() => this.show(view, null, number));
          return;
        }
        const source = state.doc.toString();
        void ask('signature', { source, place })
          .then(readSignature)
          .catch(() => null)
          .then((found) => this.show(view, found, number));
      }

      show(view: EditorView, found: Signature | null, number: number): void {
        if (number !== this.latest) return;
        if (!found && !view.state.field(tip)) return;
        const pos = found && Math.min(found.from, view.state.doc.length);
        const shown = found && tooltip(pos ?? 0, signatureNode(found));
        view.dispatch({ effects: setTip.of(shown) });
      }

      destroy(): void {
        this.latest = Infinity;
      }
    },
  );
}

/** Whether a bracket is open before the caret, strings and comments left aside. */
function mayBeCall(text: string): boolean {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if (text[at] === ')') depth += 1;
    else if (text[at] === '(' && depth-- === 0) return true;
  }
  return false;
}

const dom = (node: HTMLElement) => ({ dom: node });

const tooltip = (pos: number, node: HTMLElement): Tooltip => ({
  pos,
  above: true,
  create: () => dom(node),
});

export function helpNode({ title, doc, value }: Help): HTMLElement {
  const node = element('div', 'help-tip');
  node.append(element('code', 'help-title', title));
  if (value) node.append(element('code', 'help-value', value));
  if (doc) node.append(element('p', 'help-doc', doc));
  return node;
}

function signatureNode({ name, parameters, active, doc }: Signature): HTMLElement {
  const node = element('div', 'help-tip');
  const head = element('code', 'help-title', `${name}(`);
  parameters.forEach((parameter, index) => {
    if (index) head.append(', ');
    head.append(index === active ? element('strong', 'help-active', parameter) : parameter);
  });
  head.append(')');
  node.append(head);
  if (doc) node.append(element('p', 'help-doc', doc));
  return node;
}

function element(name: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
