/**
 * One execution as it happens: its outputs become operations and, for the caller, an outcome.
 *
 * What a session keeps of a run is bounded: text of the streams, values shown, number of outputs.
 * What goes beyond is counted and told in a last line.
 */
import {
  type AppendOutput,
  type BlobRef,
  type FinalStatus,
  MAX_OUTPUTS,
  MAX_STREAM_CHARS,
  type Output,
  type StreamOutput,
} from '../protocol.gen';
import { pack, sha256 } from './blobs';
import type { PackedBlob } from './server';
import {
  type Bundle,
  groups,
  isBundle,
  pieces,
  valuesForBlobs,
  wireBytes,
  withBlobs,
} from './sizes';

const MAX_SHOWN_BYTES = 4 * 1024 * 1024;
const MAX_BLOB_BYTES = 32 * 1024 * 1024;

export type Mimebundle = { [type: string]: string };

export interface ExecutionOutcome {
  number: number | null;
  status: FinalStatus | 'incomplete';
  stdout: string;
  stderr: string;
  result?: Mimebundle;
  displays: Mimebundle[];
  error?: { ename: string; evalue: string; traceback: string[]; hint?: string };
  durationMs: number;
}

export interface RunPorts {
  append(operation: AppendOutput, needs: string[], blobs: Map<string, PackedBlob>): void;
  pin(hash: string, blob: PackedBlob): void;
  /** Outputs that the entry has so far. */
  count(): number;
}

export function emptyOutcome(
  number: number | null,
  status: ExecutionOutcome['status'],
): ExecutionOutcome {
  return { number, status, stdout: '', stderr: '', displays: [], durationMs: 0 };
}

export class Run {
  readonly #outcome: ExecutionOutcome;
  readonly #text = { stdout: [] as string[], stderr: [] as string[] };
  readonly #cut = { stdout: 0, stderr: 0, shown: 0 };
  #chars = 0;
  #shownBytes = 0;
  #blobBytes = 0;
  /** While large values are hashed, later outputs wait for their turn. */
  #tail: Promise<void> | null = null;

  constructor(
    readonly number: number,
    private readonly ports: RunPorts,
  ) {
    this.#outcome = emptyOutcome(number, 'ok');
  }

  take(outputs: readonly Output[]): void {
    const kept = outputs.flatMap((output) => this.#keep(output));
    for (const output of kept) this.#note(output);
    this.#publish(kept);
  }

  /** Ends the run; resolves when all its outputs are operations. */
  async finish(): Promise<void> {
    for (const name of ['stdout', 'stderr'] as const)
      if (this.#cut[name]) this.#last(name, `${this.#cut[name]} more characters were not kept.`);
    if (this.#cut.shown) this.#last('stderr', `${this.#cut.shown} more outputs were not kept.`);
    while (this.#tail) await this.#tail;
  }

  outcome(status: FinalStatus, durationMs: number): ExecutionOutcome {
    const { stdout, stderr } = this.#text;
    const texts = { stdout: stdout.join(''), stderr: stderr.join('') };
    return { ...this.#outcome, status, durationMs, ...texts };
  }

  #last(name: StreamOutput['name'], text: string): void {
    const output: StreamOutput = { type: 'stream', name, text: `\n[Output was cut: ${text}]\n` };
    this.#note(output);
    this.#publish([output], true);
  }

  #keep(claimed: Output): Output[] {
    if (claimed.type === 'stream') return this.#keepText(claimed);
    const [output = claimed] = pieces(claimed);
    const bytes = isBundle(output) ? inlineBytes(output) : wireBytes(output);
    const blobs = isBundle(output) ? wireBytes(output.data) - bytes : 0;
    if (this.#shownBytes + bytes > MAX_SHOWN_BYTES || this.#blobBytes + blobs > MAX_BLOB_BYTES) {
      this.#cut.shown += 1;
      return [];
    }
    this.#shownBytes += bytes;
    this.#blobBytes += blobs;
    return [output];
  }

  #keepText(output: StreamOutput): Output[] {
    const room = MAX_STREAM_CHARS - this.#chars;
    const text =
      output.text.length <= room ? output.text : output.text.slice(0, room).toWellFormed();
    this.#chars += text.length;
    this.#cut[output.name] += output.text.length - text.length;
    return text ? [{ ...output, text }] : [];
  }

  #note(output: Output): void {
    if (output.type === 'stream') this.#text[output.name].push(output.text);
    else if (output.type === 'execute_result') this.#outcome.result = { ...output.data };
    else if (output.type === 'display_data') this.#outcome.displays.push({ ...output.data });
    else {
      const { ename, evalue, traceback, hint } = output;
      this.#outcome.error = { ename, evalue, traceback: [...traceback], ...(hint && { hint }) };
    }
  }

  #publish(outputs: readonly Output[], last = false): void {
    if (!outputs.length) return;
    const large = outputs.some((output) => isBundle(output) && valuesForBlobs(output).length);
    if (!large && !this.#tail) {
      this.#append(outputs, last);
      return;
    }
    const after = (this.#tail ?? Promise.resolve())
      .then(() => this.#publishLarge(outputs, last))
      .finally(() => {
        if (this.#tail === after) this.#tail = null;
      });
    this.#tail = after;
  }

  async #publishLarge(outputs: readonly Output[], last: boolean): Promise<void> {
    for (const output of outputs) {
      if (!isBundle(output)) this.#append([output], last);
      else await this.#appendBundle(output, last);
    }
  }

  async #appendBundle(bundle: Bundle, last: boolean): Promise<void> {
    const moved = new Map<string, BlobRef>();
    const blobs = new Map<string, PackedBlob>();
    for (const type of valuesForBlobs(bundle)) {
      const bytes = new TextEncoder().encode(bundle.data[type]).buffer;
      const hash = await sha256(bytes);
      const packed = await pack(bytes);
      moved.set(type, { hash, size: bytes.byteLength });
      blobs.set(hash, packed);
      this.ports.pin(hash, packed);
    }
    this.#append([withBlobs(bundle, moved)], last, blobs);
  }

  #append(outputs: readonly Output[], last: boolean, blobs = new Map<string, PackedBlob>()): void {
    const all = outputs.flatMap(pieces);
    // Two places stay free for the lines that say what was cut.
    const room = MAX_OUTPUTS - (last ? 0 : 2) - this.ports.count();
    const fitting = all.slice(0, Math.max(0, room));
    this.#cut.shown += last ? 0 : all.length - fitting.length;
    for (const outputsOfOne of groups(fitting))
      this.ports.append(
        { type: 'append_output', number: this.number, outputs: outputsOfOne },
        [...blobs.keys()],
        blobs,
      );
  }
}

function inlineBytes(bundle: Bundle): number {
  const moved = new Set(valuesForBlobs(bundle));
  return wireBytes(
    Object.fromEntries(Object.entries(bundle.data).filter(([type]) => !moved.has(type))),
  );
}
