/**
 * Makes an editor for Python: the one factory of the input box and of the script tabs.
 *
 * It is loaded after the first paint (`import('./codemirror')`), for it is as large as the rest of
 * the page. An editor is a textbox with the accessible name it is given. Tab indents; after Escape,
 * Tab leaves, as the hint beside the box says (`i18n/editor.ts`).
 */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type CompletionSource,
  completionStatus,
  insertBracket,
  moveCompletionSelection,
  selectedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import {
  cursorLineDown,
  cursorLineUp,
  defaultKeymap,
  history,
  historyKeymap,
  indentLess,
  indentMore,
  isolateHistory,
} from '@codemirror/commands';
import { python } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import {
  Compartment,
  EditorState,
  type Extension,
  Prec,
  type TransactionSpec,
} from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  type KeyBinding,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';

import { assist, type Assistance } from './assistance';
import type { Field } from './field';
import { refreshMarks } from './marks';
import { boundParsing } from './parsing';
import { adoptStyles } from './styles';
import { appearance } from './theme';

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  /** The accessible name. */
  label: string;
  /** The id of an element that tells how Tab leaves. */
  describedBy?: string;
  readOnly?: boolean;
  placeholder?: string;
  /** Whether the text is Python; other text has neither colours nor brackets that close themselves. */
  python?: boolean;
  /** For files; an input box has none. */
  lineNumbers?: boolean;
  /** Keys that are tried before the editor's own, but after those of an open list. */
  keys?: readonly KeyBinding[];
  /** Completion, help and marks; without it the editor only edits. */
  assistance?: Assistance;
  /** Looks at pasted text; what it returns is pasted in its place. */
  pasting?(text: string): string | null;
  extensions?: Extension;
  /** The text was changed; `byPerson` is false for what `replace` and `setText` did. */
  changed?(text: string, byPerson: boolean): void;
}

/** How long after Escape Tab leaves the editor, in ms. */
const TAB_LEAVES_MS = 10_000;
const STEP = 4;

export class CodeEditor implements Field {
  readonly view: EditorView;
  readonly #readOnly = new Compartment();
  #byProgram = false;

  constructor(private readonly options: EditorOptions) {
    adoptStyles();
    boundParsing();
    const { parent, text, readOnly = false } = options;
    const extensions = this.#extensions(readOnly);
    this.view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  get caret(): number {
    return this.view.state.selection.main.head;
  }

  get selects(): boolean {
    return !this.view.state.selection.main.empty;
  }

  /** Writes in the place of a range, or of the selection; one step of undo. */
  replace(written: string, caret?: number, from?: number, to?: number): void {
    const { main } = this.view.state.selection;
    const start = from ?? main.from;
    this.#byProgram = true;
    this.view.dispatch({
      changes: { from: start, to: to ?? (from === undefined ? main.to : from), insert: written },
      selection: { anchor: caret ?? start + written.length },
      annotations: isolateHistory.of('full'),
      scrollIntoView: true,
    });
    this.#byProgram = false;
  }

  /** Replaces the whole text, if it is another one. */
  setText(text: string, caret = text.length): void {
    const before = this.text;
    if (before !== text) this.replace(text, caret, 0, before.length);
  }

  select(from: number, to: number): void {
    this.view.dispatch({ selection: { anchor: from, head: to } });
  }

  setReadOnly(readOnly: boolean): void {
    this.view.dispatch({ effects: this.#readOnly.reconfigure(readOnlyState(readOnly)) });
  }

  /** Does what a key of a keyboard would: the helper keys of phones. */
  press(key: string): void {
    const { view } = this;
    if (key === 'Tab') void (completeWithTab(view) || indentHere(view));
    else if (key === '↑') cursorLineUp(view);
    else if (key === '↓') cursorLineDown(view);
    else view.dispatch(insertBracket(view.state, key) ?? typed(view.state, key));
    view.focus();
  }

  /** Lets the marks be made anew: Python has become free, or has other names now. */
  refresh(): void {
    this.view.dispatch({ effects: refreshMarks.of(null) });
  }

  focus(): void {
    this.view.focus();
  }

  destroy(): void {
    this.view.destroy();
  }

  #extensions(readOnly: boolean): Extension[] {
    const { options } = this;
    const help = options.assistance && assist(options.assistance);
    return [
      Prec.high(keymap.of([...(options.keys ?? [])])),
      Prec.high(keymap.of(tabKeys(help !== undefined))),
      history(),
      drawSelection(),
      options.python === false ? [] : [python(), closeBrackets()],
      indentUnit.of(' '.repeat(STEP)),
      EditorState.tabSize.of(STEP),
      indentOnInput(),
      bracketMatching(),
      keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of(attributes(options)),
      this.#readOnly.of(readOnlyState(readOnly)),
      options.placeholder ? placeholder(options.placeholder) : [],
      options.lineNumbers ? lineNumbers() : [],
      help ? [completing(help.complete), help.extensions] : [],
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) options.changed?.(state.doc.toString(), !this.#byProgram);
      }),
      options.pasting
        ? EditorView.clipboardInputFilter.of((text) => options.pasting?.(text) ?? text)
        : [],
      appearance,
      options.extensions ?? [],
    ];
  }
}

const typed = (state: EditorState, text: string): TransactionSpec => ({
  ...state.replaceSelection(text),
  userEvent: 'input.type',
  scrollIntoView: true,
});

export function createEditor(options: EditorOptions): CodeEditor {
  return new CodeEditor(options);
}

function attributes({ label, describedBy }: EditorOptions): Record<string, string> {
  return {
    'aria-label': label,
    ...(describedBy ? { 'aria-describedby': describedBy } : {}),
    spellcheck: 'false',
    autocapitalize: 'off',
    autocorrect: 'off',
  };
}

/** Who may only look can still move about, select and copy. */
const readOnlyState = (readOnly: boolean): Extension => [
  EditorState.readOnly.of(readOnly),
  EditorView.contentAttributes.of({ 'aria-readonly': String(readOnly) }),
];

/** Nothing is chosen by itself, so that Enter means Enter; Tab takes the first. */
function completing(source: CompletionSource): Extension {
  return autocompletion({
    override: [source],
    activateOnTypingDelay: 0,
    interactionDelay: 0,
    updateSyncTime: 40,
    selectOnOpen: false,
    filterStrict: true,
    icons: false,
    maxRenderedOptions: 30,
  });
}

function tabKeys(completes: boolean): KeyBinding[] {
  return [
    {
      key: 'Tab',
      run: (view) => (completes && completeWithTab(view)) || indentHere(view),
      shift: indentLess,
    },
    {
      key: 'Escape',
      run: (view) => {
        // The editor's own window of two seconds is short for who reads first.
        setTimeout(() => view.setTabFocusMode(TAB_LEAVES_MS));
        return false;
      },
    },
  ];
}

/** Takes the chosen completion, or the first; after a word or a dot it asks for some. */
function completeWithTab(view: EditorView): boolean {
  const { state } = view;
  if (completionStatus(state) === 'active') {
    if (!selectedCompletion(state)) moveCompletionSelection(true)(view);
    return acceptCompletion(view);
  }
  const { main } = state.selection;
  if (!main.empty || !/[\w.]$/.test(state.sliceDoc(Math.max(0, main.head - 1), main.head)))
    return false;
  return startCompletion(view);
}

/** Indents the lines of the selection, or goes on to the next step of four spaces. */
function indentHere(view: EditorView): boolean {
  const { state } = view;
  if (state.readOnly) return false;
  const { main } = state.selection;
  if (!main.empty) return indentMore(view);
  const column = main.head - state.doc.lineAt(main.head).from;
  const spaces = ' '.repeat(STEP - (column % STEP));
  view.dispatch(state.replaceSelection(spaces), {
    userEvent: 'input.indent',
    scrollIntoView: true,
  });
  return true;
}
