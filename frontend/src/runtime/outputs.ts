/**
 * Turns the outputs that the worker claims into the protocol's, field by field.
 *
 * The value of a mimebundle may be larger here than on the wire: whoever sends it on makes a blob of
 * it (`MAX_INLINE_CHARS`). `OutputBudget` bounds what one execution may bring altogether, whatever
 * becomes of the limits inside Python.
 */
import {
  MAX_HINT_CHARS,
  MAX_INLINE_CHARS,
  MAX_OUTPUTS,
  MAX_STREAM_CHARS,
  type Output,
  type Place,
} from '../protocol.gen';
import { BadClaim, count, fields, list, oneOf, parse, text } from './claims';

/** The longest value of a mimebundle: ten megabytes, as base64. */
export const MAX_DATA_CHARS = 14_000_000;

/** Far more JSON of one execution than its outputs may have together; what follows goes unread. */
const MAX_RUN_CHARS = 30 * MAX_DATA_CHARS;

const MAX_VALUES = 20;
const MAX_TRACEBACK = 200;
const MAX_LINE = 2 ** 31 - 1;
const MIME = /^[A-Za-z0-9_.+-]+\/[A-Za-z0-9_.+-]+$/;

/** Reads a JSON list of outputs. Throws `BadClaim`. */
export function readOutputs(json: string): Output[] {
  return list(parse(json), MAX_OUTPUTS, readOutput);
}

function readOutput(value: unknown): Output {
  const given = fields(value);
  const type = oneOf(given['type'], 'stream', 'display_data', 'execute_result', 'error');
  switch (type) {
    case 'stream':
      return {
        type,
        name: oneOf(given['name'], 'stdout', 'stderr'),
        text: text(given['text'], MAX_INLINE_CHARS),
      };
    case 'display_data':
    case 'execute_result':
      return { type, data: readData(given['data']), blobs: {} };
    case 'error':
      return {
        type,
        ename: text(given['ename'], 300),
        evalue: text(given['evalue'], MAX_INLINE_CHARS),
        traceback: list(given['traceback'], MAX_TRACEBACK, (line) => text(line, MAX_INLINE_CHARS)),
        hint: optional(given['hint'], (hint) => text(hint, MAX_HINT_CHARS)),
        place: optional(given['place'], readPlace),
      };
  }
}

function optional<Read>(value: unknown, read: (value: unknown) => Read): Read | null {
  return value === undefined || value === null ? null : read(value);
}

/** A place in a source; lines are counted from 1. */
function readPlace(value: unknown): Place {
  const given = fields(value);
  const line = count(given['line']);
  if (line < 1 || line > MAX_LINE) throw new BadClaim('not a line');
  const column = optional(given['column'], count);
  const endColumn = optional(given['endColumn'], count);
  return { line, column, endColumn };
}

function readData(value: unknown): Record<string, string> {
  const entries = Object.entries(fields(value));
  if (entries.length > MAX_VALUES) throw new BadClaim('too many values');
  const data = entries.map(([mime, content]): [string, string] => {
    if (mime.length > 120 || !MIME.test(mime)) throw new BadClaim('not a type of data');
    return [mime, text(content, MAX_DATA_CHARS)];
  });
  return Object.fromEntries(data);
}

/** What one execution may still bring. */
export class OutputBudget {
  #streamChars = MAX_STREAM_CHARS + 10_000;
  #dataChars = 10 * MAX_DATA_CHARS;
  #others = MAX_OUTPUTS;
  #jsonChars = MAX_RUN_CHARS;

  /** Counts a text before it is even parsed; false when the execution has sent far too much. */
  takes(json: string): boolean {
    return (this.#jsonChars -= json.length) >= 0;
  }

  /** The outputs that fit; those that do not are dropped. */
  admit(outputs: Output[]): Output[] {
    return outputs.filter((output) => {
      if (output.type === 'stream') return (this.#streamChars -= output.text.length) >= 0;
      this.#others -= 1;
      this.#dataChars -= size(output);
      return this.#others >= 0 && this.#dataChars >= 0;
    });
  }
}

function size(output: Exclude<Output, { type: 'stream' }>): number {
  const texts =
    output.type === 'error' ? [output.evalue, ...output.traceback] : Object.values(output.data);
  return texts.reduce((sum, item) => sum + item.length, 0);
}
