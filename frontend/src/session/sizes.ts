/**
 * Keeps operations within the protocol's bounds: outputs are cut into pieces that fit a frame,
 * large values become blobs, long lists of rows are split over several operations.
 */
import {
  type BlobRef,
  type DisplayData,
  type ErrorOutput,
  type ExecuteResult,
  MAX_INLINE_CHARS,
  type Output,
  STREAM_CHUNK_CHARS,
} from '../protocol.gen';

/** The JSON of one operation stays below this, so that it fits a frame with room to spare. */
export const MAX_OPERATION_BYTES = 150_000;

const MAX_TRACEBACK_LINES = 200;
const MAX_TRACEBACK_CHARS = 20_000;
const encoder = new TextEncoder();

export type Bundle = DisplayData | ExecuteResult;

/** Bytes that a value takes on the wire. */
export function wireBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}

export function isBundle(output: Output): output is Bundle {
  return output.type === 'display_data' || output.type === 'execute_result';
}

/** The values of a bundle that have to travel as blobs: those too long, then the longest. */
export function valuesForBlobs(bundle: Bundle): string[] {
  const sizes = Object.entries(bundle.data)
    .map(([type, text]) => ({ type, chars: text.length, bytes: wireBytes(text) }))
    .sort((a, b) => b.bytes - a.bytes);
  let total = sizes.reduce((sum, value) => sum + value.bytes, 0);
  const chosen: string[] = [];
  for (const { type, chars, bytes } of sizes) {
    if (chars <= MAX_INLINE_CHARS && total <= MAX_OPERATION_BYTES / 2) continue;
    chosen.push(type);
    total -= bytes;
  }
  return chosen;
}

/** The bundle with some of its values moved into blobs. */
export function withBlobs(bundle: Bundle, moved: ReadonlyMap<string, BlobRef>): Bundle {
  const inline = Object.entries(bundle.data).filter(([type]) => !moved.has(type));
  const blobs = { ...bundle.blobs, ...Object.fromEntries(moved) };
  return { ...bundle, data: Object.fromEntries(inline), blobs };
}

/** Outputs in pieces that each fit a frame; bundles must have been relieved by `withBlobs`. */
export function pieces(output: Output): Output[] {
  if (output.type === 'error') return [clippedError(output)];
  if (output.type !== 'stream') return [output];
  return cutText(output.text).map((text) => ({ ...output, text }));
}

/** Groups values so that the JSON of each group stays below the bound. */
export function groups<Value>(values: readonly Value[], most = MAX_OPERATION_BYTES): Value[][] {
  const result: Value[][] = [];
  let size = 0;
  for (const value of values) {
    const bytes = wireBytes(value) + 1;
    const last = result.at(-1);
    if (last && size + bytes <= most) {
      last.push(value);
      size += bytes;
    } else {
      result.push([value]);
      size = bytes;
    }
  }
  return result;
}

function cutText(text: string): string[] {
  if (text.length <= STREAM_CHUNK_CHARS) return [text];
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + STREAM_CHUNK_CHARS);
    // A character outside the basic plane is two units; they stay together.
    if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end -= 1;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

function clippedError(output: ErrorOutput): ErrorOutput {
  let lines = output.traceback;
  if (lines.length > MAX_TRACEBACK_LINES) {
    const half = MAX_TRACEBACK_LINES / 2 - 1;
    lines = [...lines.slice(0, half), '…', ...lines.slice(-half)];
  }
  const total = lines.reduce((sum, line) => sum + line.length, 0);
  const most = Math.max(80, Math.floor(MAX_TRACEBACK_CHARS / Math.max(1, lines.length)));
  if (total > MAX_TRACEBACK_CHARS) lines = lines.map((line) => clip(line, most));
  return {
    ...output,
    ename: clip(output.ename, 300),
    evalue: clip(output.evalue, STREAM_CHUNK_CHARS),
    traceback: lines,
  };
}

/** A text of at most `most` units, with an ellipsis where something is missing. */
export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
