/**
 * Reads what Python answers to each call: the JSON of `playground_runtime.bridge`, as a claim.
 *
 * All readers throw `BadClaim` for what does not fit.
 */
import { type FileRow, MAX_FILES, MAX_VARIABLES, type Unsaved } from '../protocol.gen';
import { BadClaim, count, fields, list, milliseconds, oneOf, parse, path, text } from './claims';
import {
  type Capture,
  type CaptureLimits,
  type Completeness,
  type ExecuteOutcome,
  type RestoreReport,
  RuntimeError,
  type RuntimeVariable,
} from './interface';

/** Characters of the answer to a question. */
const MAX_ANSWER = 1_000_000;
const MAX_UNITS = 10_000;
const MAX_UNSAVED = 1_000;
const MAX_NAME = 300;
/** The largest number that the protocol allows for entries and lines. */
const MAX_NUMBER = 2 ** 31 - 1;
const MAX_SHAPE = 100;

export function readOutcome(json: string): ExecuteOutcome {
  const given = fields(parse(json));
  return {
    status: oneOf(given['status'], 'ok', 'error', 'interrupted', 'incomplete'),
    durationMs: milliseconds(given['durationMs']),
  };
}

export function readCompleteness(json: string): Completeness {
  return oneOf(parse(json), 'complete', 'incomplete', 'invalid');
}

export function readVariables(value: unknown): RuntimeVariable[] {
  return list(value, MAX_VARIABLES, (item) => {
    const given = fields(item);
    return {
      name: text(given['name'], MAX_NAME),
      type: text(given['type'], MAX_NAME),
      sizeBytes: count(given['sizeBytes']),
      preview: text(given['preview'], 1_000),
      shape:
        given['shape'] === null || given['shape'] === undefined
          ? null
          : text(given['shape'], MAX_SHAPE),
      remark: readRemark(given['remark']),
      content: readDigest(given['content']),
      ...readDefined(given['entry'], given['line']),
    };
  });
}

function readRemark(value: unknown): string | null {
  return value === null || value === undefined ? null : text(value, 1_000);
}

function readDigest(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const digest = text(value, 16);
  if (!/^[0-9a-f]{16}$/.test(digest)) throw new BadClaim('not a digest');
  return digest;
}

function readDefined(entry: unknown, line: unknown) {
  if (typeof entry !== 'number' || typeof line !== 'number') return { entry: null, line: null };
  if (entry < 1 || line < 1 || entry > MAX_NUMBER || line > MAX_NUMBER)
    throw new BadClaim('no such line');
  return { entry: count(entry), line: count(line) };
}

export function readFileRows(json: string): FileRow[] {
  return list(parse(json), MAX_FILES * 5, (item) => {
    const given = fields(item);
    return {
      path: path(given['path']),
      sizeBytes: count(given['sizeBytes']),
      modifiedAt: count(given['modifiedAt']),
    };
  }).slice(0, MAX_FILES);
}

/** Reads a capture; its blobs must be as many and as large as `limits` allows. */
export function readCapture(json: string, buffers: ArrayBuffer[], limits: CaptureLimits): Capture {
  const given = fields(parse(json));
  const fresh = list(given['new'], buffers.length, count);
  if (fresh.length !== buffers.length) throw new BadClaim('blobs without a number');
  if (new Set(fresh).size !== fresh.length) throw new BadClaim('two blobs of one number');
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  if (bytes > limits.totalBytes) throw new BadClaim('too many bytes');
  return {
    units: list(given['units'], MAX_UNITS, (item) => {
      const unit = fields(item);
      const names = list(unit['names'], MAX_UNITS, (name) => text(name, MAX_NAME));
      return { names, blob: count(unit['blob']), size: count(unit['size']) };
    }),
    files: list(given['files'], MAX_UNITS, (item) => {
      const { blob, size, modifiedAt, path: where } = fields(item);
      return {
        path: path(where),
        blob: count(blob),
        size: count(size),
        modifiedAt: count(modifiedAt),
      };
    }),
    directories: list(given['directories'], MAX_UNITS, path),
    unsaved: list(given['unsaved'], MAX_UNSAVED, (item) => ({
      ...readUnsaved(item),
      missing: fields(item)['missing'] === true,
    })),
    variables: readVariables(given['variables']),
    blobs: new Map(fresh.map((number, index) => [number, buffers[index] ?? new ArrayBuffer(0)])),
    captureMs: milliseconds(given['captureMs']),
  };
}

export function readRestored(json: string): RestoreReport {
  const given = fields(parse(json));
  return {
    restored: list(given['restored'], MAX_UNITS, (name) => text(name, MAX_NAME)),
    failed: list(given['failed'], MAX_UNITS, readUnsaved),
    variables: readVariables(given['variables']),
  };
}

/** Reads the answer to a question: bounded, and for the asker to check. */
export function readAnswer(json: string): unknown {
  return parse(text(json, MAX_ANSWER));
}

/** Reads why Python refused a call. */
export function readRefusal(json: string): RuntimeError {
  const given = fields(parse(json));
  const code = oneOf(given['code'], 'invalid', 'not-found', 'too-large', 'busy');
  return new RuntimeError(code, text(given['message'], 4_000));
}

function readUnsaved(value: unknown): Unsaved {
  const given = fields(value);
  return { name: text(given['name'], MAX_NAME), reason: text(given['reason'], 1_000) };
}
