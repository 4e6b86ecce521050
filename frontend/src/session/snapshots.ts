/**
 * Turns captures into snapshots: table rows at once, then hashing, packing and the operation.
 *
 * Captures are worked off one after the other, so that each snapshot's parent is the one before.
 * The operation waits in the sender until the server has the blobs it names.
 */
import { words } from '../i18n/saving';
import type {
  AnyOperation,
  BlobRef,
  Cause,
  Manifest,
  ManifestRuntime,
  NackCode,
  SessionState,
  SnapshotSaved,
  Unsaved,
} from '../protocol.gen';
import type { Capture } from '../runtime/interface';
import { type BlobBox, pack, sha256 } from './blobs';
import { PlaygroundError, refusalError } from './errors';
import type { PackedBlob } from './server';
import { fileChanges, fileRows, keptRows, steadied, variableChanges, variableRows } from './rows';
import { clip } from './sizes';
import { newId } from './tab';
import type { Uploads } from './uploads';

const MAX_UNSAVED = 200;

export interface SnapshotPorts {
  state(): SessionState;
  append(operation: AnyOperation, needs?: string[], blobs?: Map<string, PackedBlob>): void;
  box: BlobBox;
  uploads: Uploads;
  /** The highest number that the runtime has given a blob. */
  handed(highest: number): void;
  /** Resolves when saving takes nothing from code that runs; soon in any case. */
  calm(): Promise<void>;
  /** Something that the saving state shows has changed. */
  changed(): void;
}

/** What the runtime stands on: the content that it last handed over or was restored from. */
export interface Content {
  manifest: Manifest;
  number: number;
}

interface Pending {
  operation: SnapshotSaved;
  hashes: string[];
  again: boolean;
}

export class Snapshots {
  /** What the runtime last handed over or was restored from; null when that is the head. */
  latest: Content | null = null;
  captureMs = 0;
  /** Why the latest capture is not on the server and will not be. */
  refusal: PlaygroundError | null = null;
  readonly #book = new Map<number, BlobRef>();
  readonly #pending = new Map<string, Pending>();
  #chain: Promise<unknown> = Promise.resolve();
  #working = 0;
  #newest = '';

  constructor(private readonly ports: SnapshotPorts) {}

  /** Whether captures are still being hashed and packed. */
  get working(): boolean {
    return this.#working > 0;
  }

  /** Resolves when the operations of all captures so far were made. */
  async idle(): Promise<void> {
    await this.#chain;
  }

  /** A new runtime was started: it has handed nothing over yet. */
  forgetBook(): void {
    this.#book.clear();
  }

  /** The runtime was given these blobs under these numbers, beside those it gave itself. */
  learn(book: ReadonlyMap<number, BlobRef>): void {
    for (const [number, ref] of book) this.#book.set(number, ref);
  }

  /** Begins to save a capture that contains the entries up to `number`. */
  take(capture: Capture, runtime: ManifestRuntime, number: number, cause: Cause): void {
    const state = this.ports.state();
    this.captureMs = capture.captureMs;
    this.ports.handed(Math.max(0, ...capture.blobs.keys()));
    const { variables: found, unsaved } = capture;
    const ran = cause === 'execution' ? number : null;
    const variables = variableRows(found, unsaved, state.variables, ran);
    for (const operation of variableChanges(state.variables, variables))
      this.ports.append(operation);
    for (const operation of fileChanges(state.files, fileRows(capture.files)))
      this.ports.append(operation);
    this.#working += 1;
    this.#chain = this.#chain
      .then(() => this.ports.calm())
      .then(() => this.#store(capture, runtime, number, cause))
      .catch((error: unknown) => {
        this.refusal = new PlaygroundError('storage', words.notStored(String(error)));
      })
      .finally(() => {
        this.#working -= 1;
        this.ports.changed();
      });
    this.ports.changed();
  }

  /** The server has the snapshot. */
  accepted(operation: SnapshotSaved): void {
    const pending = this.#pending.get(operation.snapshot);
    if (!pending) return;
    this.#pending.delete(operation.snapshot);
    this.ports.uploads.know(pending.hashes);
    this.ports.box.release(pending.hashes);
    if (operation.snapshot === this.#newest) this.refusal = null;
    if (!this.#pending.size && !this.#working) this.ports.box.keepPinned(new Set());
    this.ports.changed();
  }

  /**
   * The server refused the snapshot. The newest one is offered once more when only its place was
   * wrong (an earlier one was refused) or a blob has gone; gives whether it was.
   */
  refused(
    operation: SnapshotSaved,
    code: NackCode,
    message: string,
    trouble: PlaygroundError | null,
  ): boolean {
    const pending = this.#pending.get(operation.snapshot);
    this.#pending.delete(operation.snapshot);
    if (!pending || operation.snapshot !== this.#newest) return false;
    const misplaced = code === 'invalid' && this.ports.state().head !== operation.parent;
    if (!pending.again && !trouble && (misplaced || code === 'missing')) {
      this.ports.uploads.forget();
      this.#offer({ ...operation, snapshot: newId() }, pending.hashes, new Map(), true);
      return true;
    }
    this.refusal = trouble ?? refusalError(code, message);
    this.ports.changed();
    return false;
  }

  /** Whether a snapshot of this page is on its way. */
  isPending(snapshot: string): boolean {
    return this.#pending.has(snapshot);
  }

  async #store(
    capture: Capture,
    runtime: ManifestRuntime,
    number: number,
    cause: Cause,
  ): Promise<void> {
    const fresh = new Map<string, PackedBlob>();
    for (const [blob, bytes] of capture.blobs) {
      const hash = await sha256(bytes);
      this.#book.set(blob, { hash, size: bytes.byteLength });
      if (this.ports.uploads.knows(hash)) continue;
      fresh.set(hash, await pack(bytes));
    }
    const manifest = this.#manifest(capture, runtime);
    const bytes = new TextEncoder().encode(JSON.stringify(manifest)).buffer;
    const ref = { hash: await sha256(bytes), size: bytes.byteLength };
    fresh.set(ref.hash, await pack(bytes));
    for (const [hash, blob] of fresh) this.ports.box.pin(hash, blob);
    this.latest = { manifest, number };
    const sent = [...fresh.values()].reduce((sum, blob) => sum + blob.body.byteLength, 0);
    const operation: SnapshotSaved = {
      type: 'snapshot_saved',
      snapshot: newId(),
      number,
      cause,
      manifest: ref,
      bytes: sent,
      parent: null,
      unsaved: manifest.unsaved.slice(0, MAX_UNSAVED),
    };
    this.#offer(operation, [...hashesOf(manifest), ref.hash], fresh, false);
  }

  #offer(
    operation: SnapshotSaved,
    hashes: string[],
    blobs: Map<string, PackedBlob>,
    again: boolean,
  ): void {
    const placed = { ...operation, parent: this.ports.state().head };
    this.#newest = placed.snapshot;
    this.#pending.set(placed.snapshot, { operation: placed, hashes, again });
    const needs = [...new Set(hashes)].filter((hash) => !this.ports.uploads.knows(hash));
    this.ports.append(placed, needs, blobs);
  }

  #manifest(capture: Capture, runtime: ManifestRuntime): Manifest {
    const unsaved: Unsaved[] = capture.unsaved
      .slice(0, 1_000)
      .map(({ name, reason }) => ({ name: clip(name, 300), reason: clip(reason, 1_000) }));
    const units = capture.units.flatMap(({ names, blob }) => {
      const ref = this.#book.get(blob);
      return ref ? [{ names, blob: ref }] : [];
    });
    const files = capture.files.flatMap(({ path, blob, modifiedAt }) => {
      const ref = this.#book.get(blob);
      return ref ? [{ path, blob: ref, modifiedAt: Math.max(0, Math.round(modifiedAt)) }] : [];
    });
    const { directories } = capture;
    const variables = keptRows(capture.variables);
    const manifest: Manifest = {
      format: 1,
      runtime,
      units,
      files,
      directories,
      unsaved,
      variables,
    };
    return steadied(manifest, this.latest?.manifest);
  }
}

/** The blobs that a manifest names, each once. */
export function hashesOf(manifest: Manifest): string[] {
  const refs = [...manifest.units, ...manifest.files].map(({ blob }) => blob.hash);
  return [...new Set(refs)];
}
