/**
 * The HTTP side of the server, as docs/protocol.md lists it: states, entries, blobs, new sessions.
 *
 * Every call rejects with a `PlaygroundError`; a request that did not reach the server is `offline`.
 */
import { words } from '../i18n/errors';
import type { Entry, SessionState } from '../protocol.gen';
import { isErrorCode, PlaygroundError, type ErrorCode } from './errors';

const JSON_TIMEOUT_MS = 20_000;
const BLOB_TIMEOUT_MS = 300_000;

/** What a share link is to allow; `expiresIn` in seconds. */
export interface WantedLink {
  role?: 'viewer' | 'editor';
  fork?: boolean;
  expiresIn?: number;
  name?: string;
  preview?: boolean;
}

/** A share link as its session's owner sees it; `url` is null when it cannot be shown again. */
export interface ShareLink {
  id: string;
  url: string | null;
  role: 'viewer' | 'editor';
  fork: boolean;
  preview: boolean;
  name: string;
  createdAt: number;
  expiresAt: number | null;
  uses: number;
  people: number;
  lastUsedAt: number | null;
}

export interface NewSession {
  id: string;
  url: string;
}

/** A blob as it travels: perhaps compressed, `size` counts the bytes that its hash is of. */
export interface PackedBlob {
  body: ArrayBuffer;
  gzip: boolean;
  size: number;
}

type Fetch = (address: string, init: RequestInit) => Promise<Response>;

export class Server {
  readonly #root: string;

  constructor(
    session: string,
    private readonly request: Fetch = (address, init) => fetch(address, init),
  ) {
    this.#root = `/api/sessions/${session}`;
  }

  /** Renews the visitor's cookie, so that half a year counts from the latest visit. */
  async visit(): Promise<void> {
    await this.#json<object>('/api/visit', {});
  }

  state(): Promise<SessionState> {
    return this.#json<SessionState>(`${this.#root}/state`);
  }

  earlierEntries(before: number): Promise<Entry[]> {
    return this.#json<Entry[]>(`${this.#root}/entries?before=${before}`);
  }

  create(options: { title?: string; runtime?: string }): Promise<NewSession> {
    return this.#json<NewSession>('/api/sessions', options);
  }

  fork(number?: number): Promise<NewSession> {
    return this.#json<NewSession>(`${this.#root}/fork`, number === undefined ? {} : { number });
  }

  async links(): Promise<ShareLink[]> {
    return (await this.#json<{ links: ShareLink[] }>(`${this.#root}/links`)).links;
  }

  makeLink(wanted: WantedLink): Promise<NewSession> {
    return this.#json<NewSession>(`${this.#root}/links`, wanted);
  }

  async renameLink(id: string, name: string): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'PATCH', headers, body: JSON.stringify({ name }) };
    await this.#send(this.#link(id), JSON_TIMEOUT_MS, init);
  }

  async endLink(id: string): Promise<void> {
    await this.#send(this.#link(id), JSON_TIMEOUT_MS, { method: 'DELETE' });
  }

  #link(id: string): string {
    return `${this.#root}/links/${encodeURIComponent(id)}`;
  }

  async lacks(hashes: readonly string[]): Promise<string[]> {
    const answer = await this.#json<{ lacks: string[] }>(`${this.#root}/blobs/lacks`, { hashes });
    return answer.lacks;
  }

  async putBlob(hash: string, blob: PackedBlob): Promise<void> {
    const headers: { [name: string]: string } = {
      'X-Blob-Size': String(blob.size),
      'Content-Type': 'application/octet-stream',
    };
    if (blob.gzip) headers['Content-Encoding'] = 'gzip';
    await this.#send(`${this.#root}/blobs/${hash}`, BLOB_TIMEOUT_MS, {
      method: 'PUT',
      headers,
      body: blob.body,
    });
  }

  /** A file as the head has it, for who may not read the blobs of snapshots. */
  async getFile(path: string): Promise<ArrayBuffer> {
    const parts = path.split('/').map(encodeURIComponent).join('/');
    const response = await this.#send(`${this.#root}/files/${parts}`, BLOB_TIMEOUT_MS, {});
    return await response.arrayBuffer().catch(() => {
      throw offline();
    });
  }

  async getBlob(hash: string): Promise<ArrayBuffer> {
    const response = await this.#send(`${this.#root}/blobs/${hash}`, BLOB_TIMEOUT_MS, {});
    return await response.arrayBuffer().catch(() => {
      throw offline();
    });
  }

  async #json<Answer>(address: string, body?: object): Promise<Answer> {
    const init: RequestInit =
      body === undefined
        ? { cache: 'no-store' }
        : {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'Content-Type': 'application/json' },
          };
    const response = await this.#send(address, JSON_TIMEOUT_MS, init);
    try {
      return (await response.json()) as Answer;
    } catch {
      throw offline();
    }
  }

  async #send(address: string, timeout: number, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Accept', 'application/json');
    if (init.method) headers.set('X-CSRFToken', csrfToken());
    const signal = AbortSignal.timeout(timeout);
    let response: Response;
    try {
      response = await this.request(address, { ...init, headers, signal });
    } catch {
      throw offline();
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }
}

/** Where the QR code of a link is drawn, for its owner. */
export function qrAddress(session: string, link: string): string {
  return `/api/sessions/${session}/links/${link}/qr.svg`;
}

/** Whether trying again later can help. */
export function isPassing(error: unknown): boolean {
  return error instanceof PlaygroundError && (error.code === 'offline' || error.code === 'busy');
}

function offline(): PlaygroundError {
  return new PlaygroundError('offline', words.offline);
}

const BY_STATUS = new Map<number, ErrorCode>([
  [400, 'invalid'],
  [401, 'forbidden'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [410, 'gone'],
  [413, 'too-large'],
  [429, 'busy'],
  [507, 'storage'],
]);

/** The error that an answer means that is not of status 2xx. */
export async function refusal(response: Response): Promise<PlaygroundError> {
  const answer = (await response.json().catch(() => ({}))) as { code?: unknown; message?: unknown };
  const code = isErrorCode(answer.code) ? answer.code : BY_STATUS.get(response.status);
  const text = typeof answer.message === 'string' ? answer.message : '';
  return new PlaygroundError(code ?? 'busy', text || words.serverSaid(response.status));
}

/** What every request that changes something must send as `X-CSRFToken`. */
export function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}
