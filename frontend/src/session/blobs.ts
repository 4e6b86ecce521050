/**
 * Blobs in this page: hashing, packing for the way, and a memory of those at hand.
 *
 * A blob is named by the SHA-256 of its uncompressed bytes and travels compressed where that
 * saves more than a tenth.
 */
import type { PackedBlob } from './server';

const PROBE_BYTES = 64 * 1024;
const MIN_PACKED_BYTES = 200;
const WORTH = 0.9;

/** Blobs that the server has are kept at hand up to this many bytes, for going back quickly. */
const MEMORY_BYTES = 48 * 1024 * 1024;

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function pack(bytes: ArrayBuffer): Promise<PackedBlob> {
  const raw = { body: bytes, gzip: false, size: bytes.byteLength };
  if (bytes.byteLength < MIN_PACKED_BYTES) return raw;
  if (bytes.byteLength > 2 * PROBE_BYTES) {
    const middle = bytes.byteLength >> 1;
    const probe = bytes.slice(middle, middle + PROBE_BYTES);
    const shrunk = await through(probe, new CompressionStream('gzip'));
    if (shrunk.byteLength > probe.byteLength * WORTH) return raw;
  }
  const body = await through(bytes, new CompressionStream('gzip'));
  return body.byteLength > bytes.byteLength * WORTH ? raw : { ...raw, body, gzip: true };
}

export function unpack(blob: PackedBlob): Promise<ArrayBuffer> {
  if (!blob.gzip) return Promise.resolve(blob.body.slice(0));
  return through(blob.body, new DecompressionStream('gzip'));
}

function through(bytes: ArrayBuffer, stream: CompressionStream | DecompressionStream) {
  const piped = new Blob([bytes]).stream().pipeThrough(stream as ReadableWritablePair);
  return new Response(piped).arrayBuffer();
}

/**
 * Blobs at hand. Those that the server has not confirmed are pinned; the others go, those unused
 * for longest first, when they take too much memory.
 */
export class BlobBox {
  readonly #pinned = new Map<string, PackedBlob>();
  readonly #spare = new Map<string, PackedBlob>();
  #spareBytes = 0;

  pin(hash: string, blob: PackedBlob): void {
    this.#pinned.set(hash, blob);
  }

  get(hash: string): PackedBlob | undefined {
    const blob = this.#pinned.get(hash) ?? this.#spare.get(hash);
    if (blob && this.#spare.delete(hash)) this.#spare.set(hash, blob);
    return blob;
  }

  /** Keeps a blob that the server has as long as there is room. */
  spare(hash: string, blob: PackedBlob): void {
    if (this.#spare.has(hash) || blob.body.byteLength > MEMORY_BYTES / 4) return;
    this.#spare.set(hash, blob);
    this.#spareBytes += blob.body.byteLength;
    for (const [oldest, old] of this.#spare) {
      if (this.#spareBytes <= MEMORY_BYTES) break;
      this.#spare.delete(oldest);
      this.#spareBytes -= old.body.byteLength;
    }
  }

  /** The server has these now. */
  release(hashes: Iterable<string>): void {
    for (const hash of hashes) {
      const blob = this.#pinned.get(hash);
      if (!blob) continue;
      this.#pinned.delete(hash);
      this.spare(hash, blob);
    }
  }

  /** Pinned blobs that are in none of these are not needed any more. */
  keepPinned(needed: ReadonlySet<string>): void {
    this.release([...this.#pinned.keys()].filter((hash) => !needed.has(hash)));
  }
}
