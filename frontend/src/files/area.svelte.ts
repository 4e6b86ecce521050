/**
 * The files that are open in the page, which of them is in front, and how they follow the session:
 * what code or another tab changes is read again.
 */
import type { FileRow } from '../protocol.gen';
import { createContext } from 'svelte';

import type { StateEffect } from '@codemirror/state';

import type { CodeEditor } from '../editor/codemirror';
import { words } from '../i18n/files';
import { mayEdit, type PageContext } from '../session/context';
import { shownAs, type Shown } from './content';
import { type Kept, KeptTexts } from './kept';
import { freePath, shown } from './names';
import { Script, type ScriptPorts } from './script.svelte';
import { rememberTabs, rememberedTabs } from './tabs';
import { decodeExactly, encode } from './text';

export type Content =
  | { kind: 'opening' }
  | { kind: 'script'; script: Script }
  | Exclude<Shown, { kind: 'text' }>
  | { kind: 'trouble'; text: string };

const MAX_TABS = 20;

let opened = 0;

export class OpenFile {
  readonly id = `tab-${++opened}`;
  path = $state.raw('');
  content = $state.raw<Content>({ kind: 'opening' });
  /** A line to go to once the text is there, from 1. */
  line = $state.raw<number | null>(null);
  /** Whether a person has just asked for it and wants to type. */
  focus = $state.raw(false);
  /** Its editor, which stays while another tab is in front, and how far it was scrolled. */
  editor: CodeEditor | null = null;
  scrolled: StateEffect<unknown> | null = null;
  /** What running it does, where it can be run now. */
  runs: (() => void) | null = null;
  /** What the list of files said when the file was read last. */
  seen = '';
  /** The head when the list of files changed: until it moves, its file may be an older one. */
  awaiting: string | null | undefined;

  constructor(path: string) {
    this.path = path;
  }

  close(): void {
    this.script?.close();
    this.forgetEditor();
  }

  /** The next time that the file is in front it gets an editor made anew. */
  forgetEditor(): void {
    this.editor?.destroy();
    this.editor = null;
    this.scrolled = null;
  }

  get script(): Script | null {
    return this.content.kind === 'script' ? this.content.script : null;
  }
}

export class FileArea {
  tabs = $state.raw<readonly OpenFile[]>([]);
  /** The path in front; null is the console. */
  active = $state.raw<string | null>(null);
  readonly #kept: KeptTexts;
  /** Closed tabs whose text is on its way into the file. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the page reads it
  readonly #leaving = new Set<OpenFile>();
  readonly #left: Promise<Map<string, Kept>>;

  constructor(private readonly page: PageContext) {
    const browser = { local: localStorage, tab: sessionStorage, locks: navigator.locks };
    const { user, view } = page;
    const there = () => view.ended !== 'signed-out';
    this.#kept = new KeptTexts(user.id, view.state.id, browser, there);
    this.#left = this.#kept.begin();
  }

  get current(): OpenFile | null {
    return this.tabs.find(({ path }) => path === this.active) ?? null;
  }

  get editable(): boolean {
    return mayEdit(this.page.view);
  }

  /** Opens what was open when this browser showed the session last, and what it has kept. */
  async restore(): Promise<void> {
    const remembered = rememberedTabs(this.page.user.id, this.page.view.state.id);
    const there = remembered.paths.filter((path) => this.#row(path));
    for (const path of there) void this.#open(path, path === remembered.active);
    const left = await this.#left;
    for (const path of left.keys()) void this.#open(path, !there.length);
  }

  /** Opens a file in front of the others, perhaps at a line, ready for typing. */
  async open(path: string, line: number | null = null): Promise<void> {
    await this.#open(path, true, (tab) => {
      tab.line = line;
      tab.focus = true;
    });
  }

  async #open(path: string, front: boolean, then?: (tab: OpenFile) => void): Promise<void> {
    const [known] = [...this.tabs, ...this.#leaving].filter((tab) => tab.path === path);
    const tab = known ?? this.#newTab(path);
    if (!this.tabs.includes(tab)) this.tabs = [...this.tabs, tab];
    then?.(tab);
    if (front) this.active = path;
    this.#remember();
    if (!known) await this.#fill(tab);
  }

  show(path: string | null): void {
    this.active = path;
    this.#remember();
  }

  /** A new script with a few lines to begin with. */
  async create(): Promise<void> {
    const path = freePath('main.py', (other) => this.#isTaken(other));
    const tab = new OpenFile(path);
    const script = new Script(path, null, this.#ports());
    tab.content = { kind: 'script', script };
    tab.focus = true;
    this.tabs = [...this.tabs, tab];
    this.show(path);
    script.edit(words.starter);
    await script.flush();
  }

  /** Closes a tab; what is unsent in it is still written, and the tab comes back if that fails. */
  async close(path: string): Promise<void> {
    const tab = this.tabs.find((other) => other.path === path);
    const script = tab?.script;
    if (!tab || !script?.dirty || script.readonly || script.status === 'gone')
      return this.drop(path);
    if (script.theirs) throw new Error(words.decideFirst(path));
    this.#leaving.add(tab);
    this.#takeOut(path);
    try {
      await script.flush();
      if (!this.tabs.includes(tab)) tab.close();
    } catch (error) {
      this.#bringBack(tab);
      throw error;
    } finally {
      this.#leaving.delete(tab);
    }
  }

  /** Closes a tab whose text is not wanted any more. */
  drop(path: string): void {
    this.#takeOut(path)?.close();
  }

  /** Gives a file another name; an open tab goes with it. */
  async rename(from: string, to: string): Promise<void> {
    const tab = this.tabs.find(({ path }) => path === from);
    await tab?.script?.flush();
    await this.page.files.rename(from, to);
    if (!tab) return;
    tab.script?.moved(to);
    tab.forgetEditor();
    tab.path = to;
    this.tabs = [...this.tabs];
    if (this.active === from) this.active = to;
    this.#remember();
  }

  async run(path: string): Promise<void> {
    await this.tabs.find((tab) => tab.path === path)?.script?.flush();
    await this.page.actions.submit(`:load ${path}`);
  }

  /** A table or drawing is edited as the text that it is. */
  async editAsText(tab: OpenFile): Promise<void> {
    const text = decodeExactly(await this.page.files.read(tab.path));
    if (text !== null) tab.content = this.#script(tab.path, text);
  }

  /** Called whenever the list of files or the head has changed. */
  follow(files: readonly FileRow[], head: string | null): void {
    for (const tab of this.tabs) {
      const now = seenOf(files.find(({ path }) => path === tab.path));
      if (now !== tab.seen) {
        tab.seen = now;
        tab.awaiting = head;
      } else if (tab.awaiting === undefined || tab.awaiting === head) continue;
      else tab.awaiting = undefined;
      void this.#again(tab).catch(() => undefined);
    }
  }

  /** Keeps all that was typed: the page may be closed now. True when something would be lost. */
  keepAll(): boolean {
    const scripts = [...this.tabs, ...this.#leaving].flatMap(({ script }) => script ?? []);
    for (const script of scripts) script.keepNow();
    return scripts.some((script) => script.dirty && !script.kept);
  }

  #takeOut(path: string): OpenFile | undefined {
    const index = this.tabs.findIndex((tab) => tab.path === path);
    const gone = this.tabs[index];
    this.tabs = this.tabs.filter((tab) => tab.path !== path);
    if (gone && this.active === path)
      this.active = (this.tabs[index] ?? this.tabs[index - 1])?.path ?? null;
    this.#remember();
    return gone;
  }

  #bringBack(tab: OpenFile): void {
    if (!this.tabs.includes(tab)) this.tabs = [...this.tabs, tab];
    this.active = tab.path;
    this.#remember();
  }

  #isTaken(path: string): boolean {
    return this.#row(path) !== undefined || this.tabs.some((tab) => tab.path === path);
  }

  #row(path: string): FileRow | undefined {
    return this.page.view.state.files.find((row) => row.path === path);
  }

  /** Makes room where too many are open: the oldest that has nothing to write goes. */
  #newTab(path: string): OpenFile {
    if (this.tabs.length >= MAX_TABS) {
      const idle = this.tabs.find((tab) => tab.path !== this.active && !tab.script?.dirty);
      if (idle) this.drop(idle.path);
    }
    const tab = new OpenFile(path);
    tab.seen = seenOf(this.#row(path));
    return tab;
  }

  async #fill(tab: OpenFile): Promise<void> {
    const { path } = tab;
    const all = await this.#left;
    const left = all.get(path);
    all.delete(path);
    try {
      const bytes = left && !this.#row(path) ? null : await this.#firstRead(path);
      tab.content = this.#contentOf(path, bytes, left);
    } catch (error) {
      tab.content = { kind: 'trouble', text: this.#why(error) };
      return;
    }
    // While code runs, what was saved last was read; the runner asks its runtime after that.
    if (this.page.view.isRunner && this.page.view.running) void this.#again(tab);
  }

  async #firstRead(path: string): Promise<ArrayBuffer> {
    const bytes = await this.page.api.files.read(path, { as: 'bytes' });
    return new Uint8Array(bytes as Uint8Array<ArrayBuffer>).buffer;
  }

  #contentOf(path: string, bytes: ArrayBuffer | null, left?: Kept): Content {
    if (left) return this.#script(path, bytes && textOf(bytes), left);
    const found = shownAs(path, bytes ?? new ArrayBuffer(0));
    return found.kind === 'text' ? this.#script(path, found.text) : found;
  }

  #script(path: string, text: string | null, left?: Kept): Content {
    return { kind: 'script', script: new Script(path, text, this.#ports(), left) };
  }

  /** Reads an open file again. */
  async #again(tab: OpenFile): Promise<void> {
    const { content } = tab;
    if (content.kind === 'opening') return;
    if (content.kind === 'script') return content.script.look();
    try {
      tab.content = this.#contentOf(tab.path, await this.page.files.read(tab.path));
    } catch (error) {
      tab.content = { kind: 'trouble', text: this.#why(error) };
    }
  }

  #why(error: unknown): string {
    const { code, message } = error as { code?: string; message?: string };
    const refused = code === 'forbidden' || code === 'not-found';
    if (!this.editable && refused) return words.mayNotRead;
    return message ?? words.unreadable;
  }

  #ports(): ScriptPorts {
    const { files } = this.page;
    return {
      readonly: !this.editable,
      kept: this.#kept,
      saved: () => files.saved(),
      load: (path) =>
        files.read(path).then(textOf, (error: unknown) => {
          if ((error as { code?: string }).code === 'not-found') return null;
          throw error;
        }),
      save: async (path, text, expected) => {
        const expects = (present: ArrayBuffer | null) =>
          present === null ? expected === null : textOf(present) === expected;
        const answer = await files.save(path, encode(text), expects);
        return answer.written ? text : answer.theirs && textOf(answer.theirs);
      },
    };
  }

  #remember(): void {
    const paths = this.tabs.map(({ path }) => path);
    rememberTabs(this.page.user.id, this.page.view.state.id, { paths, active: this.active });
  }
}

export const [useFiles, provideFiles] = createContext<FileArea>();

/** The name of an open file as it is shown. */
export function nameOf({ path }: OpenFile): string {
  return shown(path);
}

function seenOf(row: FileRow | undefined): string {
  return row ? `${row.modifiedAt} ${row.sizeBytes}` : '';
}

/** What is no valid text any more is shown with marks in place of what cannot be read. */
function textOf(bytes: ArrayBuffer): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
