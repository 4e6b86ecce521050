/**
 * Reads snapshots back: from memory, from the browser's database, or from the server.
 *
 * A part that cannot be had is left out and named with the reason; only a network that is down
 * stops the whole, for it may come back.
 */
import { words } from '../i18n/errors';
import type { BlobRef, Manifest, Unsaved } from '../protocol.gen';
import type { RestoreRequest } from '../runtime/interface';
import { type BlobBox, sha256, unpack } from './blobs';
import { asPlaygroundError, PlaygroundError } from './errors';
import { isPassing, type PackedBlob, type Server } from './server';

const AT_ONCE = 6;

export interface LoadPorts {
  server: Pick<Server, 'getBlob' | 'getFile'>;
  box: BlobBox;
  /** A blob of an operation that was not acknowledged yet. */
  stored(hash: string): Promise<PackedBlob | undefined>;
}

export interface Loaded {
  request: RestoreRequest;
  /** The numbers under which the request names blobs. */
  book: Map<number, BlobRef>;
  failed: Unsaved[];
}

export class Loading {
  /** Numbers are never given twice, so that a late answer of a runtime cannot be mistaken. */
  #nextNumber = 1;

  constructor(private readonly ports: LoadPorts) {}

  /** A file as it was saved last, for who may not read manifests. */
  file(path: string): Promise<ArrayBuffer> {
    return this.ports.server.getFile(path);
  }

  /** Rejects with `not-found`, `invalid` or `offline`. */
  async manifest(ref: BlobRef): Promise<Manifest> {
    const text = new TextDecoder().decode(await this.bytes(ref));
    let manifest: Manifest;
    try {
      manifest = JSON.parse(text) as Manifest;
    } catch {
      throw new PlaygroundError('invalid', words.badManifest);
    }
    if (manifest.format !== 1 || !Array.isArray(manifest.units) || !Array.isArray(manifest.files))
      throw new PlaygroundError('invalid', words.otherForm);
    // Earlier versions kept no rows.
    return { ...manifest, variables: manifest.variables ?? null };
  }

  /** The bytes of a blob, checked against its hash. */
  async bytes(ref: BlobRef): Promise<ArrayBuffer> {
    const near = this.ports.box.get(ref.hash) ?? (await this.ports.stored(ref.hash));
    if (near) return unpack(near);
    const bytes = await this.ports.server.getBlob(ref.hash);
    if (bytes.byteLength !== ref.size || (await sha256(bytes)) !== ref.hash)
      throw new PlaygroundError('invalid', words.damaged);
    this.ports.box.spare(ref.hash, { body: bytes.slice(0), gzip: false, size: ref.size });
    return bytes;
  }

  /** Everything that a manifest names, as a runtime takes it. */
  async request(manifest: Manifest): Promise<Loaded> {
    const refs = new Map<string, BlobRef>();
    for (const { blob } of [...manifest.units, ...manifest.files]) refs.set(blob.hash, blob);
    const { bytes, reasons } = await this.#fetchAll([...refs.values()]);
    const numbers = new Map([...bytes.keys()].map((hash) => [hash, this.#nextNumber++]));
    const book = new Map<number, BlobRef>();
    const blobs = new Map<number, ArrayBuffer>();
    for (const [hash, number] of numbers) {
      const ref = refs.get(hash);
      const content = bytes.get(hash);
      if (ref) book.set(number, ref);
      if (content) blobs.set(number, content);
    }
    const failed: Unsaved[] = [];
    const units = manifest.units.flatMap(({ names, blob }) => {
      const number = numbers.get(blob.hash);
      if (number !== undefined) return [{ names: [...names], blob: number }];
      const reason = reasons.get(blob.hash) ?? '';
      failed.push(...names.map((name) => ({ name, reason })));
      return [];
    });
    const files = manifest.files.flatMap(({ path, blob, modifiedAt }) => {
      const number = numbers.get(blob.hash);
      if (number !== undefined) return [{ path, blob: number, modifiedAt }];
      failed.push({ name: path, reason: reasons.get(blob.hash) ?? '' });
      return [];
    });
    const directories = [...(manifest.directories ?? [])];
    return { request: { units, files, directories, blobs }, book, failed };
  }

  /** Numbers above those that a runtime has used by itself. */
  numbersAbove(highest: number): void {
    this.#nextNumber = Math.max(this.#nextNumber, highest + 1);
  }

  async #fetchAll(refs: BlobRef[]) {
    const bytes = new Map<string, ArrayBuffer>();
    const reasons = new Map<string, string>();
    const waiting = [...refs];
    const worker = async () => {
      for (let ref = waiting.shift(); ref; ref = waiting.shift())
        try {
          bytes.set(ref.hash, await this.bytes(ref));
        } catch (error) {
          if (isPassing(error)) throw error;
          reasons.set(ref.hash, asPlaygroundError(error).message);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { bytes, reasons };
  }
}
