/** The errors that `window.playground` rejects with: a code for programs, a sentence for people. */
import { words } from '../i18n/common';
import { words as errors } from '../i18n/errors';
import type { NackCode } from '../protocol.gen';

export const ERROR_CODES = [
  'forbidden',
  'not-found',
  'gone',
  'invalid',
  'too-large',
  'limit',
  'busy',
  'offline',
  'storage',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export class PlaygroundError extends Error {
  override readonly name = 'PlaygroundError';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return (ERROR_CODES as readonly unknown[]).includes(value);
}

/** Any error as one of ours; `code` is for those that have none. */
export function asPlaygroundError(error: unknown, code: ErrorCode = 'busy'): PlaygroundError {
  if (error instanceof PlaygroundError) return error;
  const { code: own, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' && message ? message : words.failed;
  return new PlaygroundError(isErrorCode(own) ? own : own === 'dead' ? 'gone' : code, text);
}

/** What a refused operation means for whoever waits for it. */
export function refusalError(code: NackCode, message: string): PlaygroundError {
  const codes: { [code in NackCode]: ErrorCode } = {
    expect: 'busy',
    fenced: 'gone',
    invalid: 'invalid',
    forbidden: 'forbidden',
    missing: 'storage',
    limit: 'limit',
    storage: 'storage',
  };
  return new PlaygroundError(codes[code], message);
}

export function forbidden(): PlaygroundError {
  return new PlaygroundError('forbidden', errors.readOnly);
}
