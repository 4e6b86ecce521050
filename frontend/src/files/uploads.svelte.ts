/**
 * Uploads: files that were chosen or dropped become files of the session, after their names and
 * sizes were looked at and the person has said what happens to names that are taken.
 */
import { words } from '../i18n/files';
import type { PageContext } from '../session/context';
import type { SessionView } from '../session/view';
import { freePath, shown, wrongWith } from './names';

export const MAX_FILES_AT_ONCE = 300;

export interface Chosen {
  path: string;
  file: File;
}

export type Clash = 'replace' | 'both';

export class Uploads {
  /** Names on their way, and how many of them are through. */
  names = $state.raw<readonly string[]>([]);
  done = $state.raw(0);

  constructor(
    private readonly page: PageContext,
    /** Asks what to do with names that are taken; null for nothing at all. */
    private readonly ask: (taken: string[]) => Promise<Clash | null>,
  ) {}

  async take(chosen: readonly Chosen[]): Promise<void> {
    const { notices } = this.page;
    if (!chosen.length) return;
    if (this.names.length) return notices.add({ level: 'warning', text: words.busyUploading });
    const fitting = this.#fitting(chosen);
    if (!fitting.length) return;
    const taken = fitting.filter(({ path }) => this.#exists(path)).map(({ path }) => path);
    const answer = taken.length ? await this.ask(taken) : 'replace';
    if (!answer) return;
    const files = answer === 'both' ? this.#beside(fitting) : fitting;
    this.names = files.map(({ path }) => shown(path));
    this.done = 0;
    const replaced = answer === 'replace' ? taken : [];
    await notices.attempt(() => this.#send(files, replaced));
    this.names = [];
  }

  /** How far the upload is. */
  words(view: SessionView): string {
    if (!this.done && view.running) return words.uploadWaits;
    const name = this.names[this.done];
    if (name === undefined) return words.uploadSaves;
    return words.uploading(name, this.done + 1, this.names.length);
  }

  async #send(files: readonly Chosen[], replaced: readonly string[]): Promise<void> {
    const { page } = this;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the page reads it
    const before = new Map<string, ArrayBuffer>();
    for (const path of replaced) before.set(path, await page.files.read(path));
    const failed = await page.files.writeAll(
      files.map(({ path, file }) => ({ path, bytes: () => bytesOf(file) })),
      (count) => (this.done = count),
    );
    for (const { path, reason } of failed) this.#refuse(path, reason);
    if (before.size) this.#offerBack(before);
  }

  #offerBack(before: ReadonlyMap<string, ArrayBuffer>): void {
    const { notices, files } = this.page;
    const old = [...before].map(([path, bytes]) => ({ path, bytes: () => Promise.resolve(bytes) }));
    const run = () => void notices.attempt(() => files.writeAll(old, () => undefined));
    const text = words.replaced(before.size);
    notices.add({ level: 'info', text, action: { label: words.undo, run } });
  }

  #fitting(chosen: readonly Chosen[]): Chosen[] {
    const { notices, fileBytes, totalBytes, view } = this.page;
    const fitting = chosen.filter(({ path, file }) => {
      const why = file.size > fileBytes ? words.tooLarge(file.size, fileBytes) : wrongWith(path);
      if (why) this.#refuse(path, why);
      return !why;
    });
    if (fitting.length > MAX_FILES_AT_ONCE) {
      notices.add({ level: 'error', text: words.tooMany(fitting.length, MAX_FILES_AT_ONCE) });
      return [];
    }
    const there = view.state.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const all = fitting.reduce((sum, { file }) => sum + file.size, there);
    if (all <= totalBytes) return fitting;
    notices.add({ level: 'error', text: words.tooMuch(all, totalBytes) });
    return [];
  }

  #beside(chosen: readonly Chosen[]): Chosen[] {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the page reads it
    const given = new Set<string>();
    return chosen.map(({ path, file }) => {
      const free = freePath(path, (other) => this.#exists(other) || given.has(other));
      given.add(free);
      return { path: free, file };
    });
  }

  #refuse(path: string, why: string): void {
    const name = shown(path.length > 60 ? `${path.slice(0, 60)}…` : path);
    this.page.notices.add({ level: 'error', text: words.notUploaded(name, why) });
  }

  #exists(path: string): boolean {
    return this.page.view.state.files.some((row) => row.path === path);
  }
}

async function bytesOf(file: File): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Error(words.unreadable);
  }
}
