/** Downloads: one file as it is, or all of them in a zip that the browser packs. */
import { words } from '../i18n/files';
import type { PageContext } from '../session/context';
import { download, type Packed, zip } from './transfer';

/** All that is packed is in memory for a moment. */
const MAX_ZIP_BYTES = 500_000_000;

export class Downloads {
  /** What is being packed, in words. */
  note = $state.raw('');

  constructor(private readonly page: PageContext) {}

  one(path: string): Promise<boolean> {
    return this.page.notices.attempt(async () => download(path, await this.#read(path)));
  }

  async all(): Promise<void> {
    const { view, notices } = this.page;
    if (this.note) return;
    const bytes = view.state.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (bytes > MAX_ZIP_BYTES)
      return notices.add({ level: 'error', text: words.zipTooLarge(bytes, MAX_ZIP_BYTES) });
    await notices.attempt(async () => download(this.#zipName(), await zip(this.#packed())));
    this.note = '';
  }

  async *#packed(): AsyncGenerator<Packed> {
    const { files } = this.page.view.state;
    for (const [index, { path, modifiedAt }] of files.entries()) {
      this.note = words.zipping(index + 1, files.length);
      yield { path, modifiedAt, bytes: await this.#read(path) };
    }
  }

  async #read(path: string): Promise<ArrayBuffer> {
    const bytes = await this.page.api.files.read(path, { as: 'bytes' });
    return new Uint8Array(bytes as Uint8Array<ArrayBuffer>).buffer;
  }

  #zipName(): string {
    const title = this.page.view.state.title.replace(/[^\p{L}\p{N} _-]+/gu, ' ').trim();
    return `${title.slice(0, 60) || words.files}.zip`;
  }
}
