/**
 * Exports and imports over HTTP, as docs/exchange.md lists them: ask for one, follow it to its end.
 *
 * Every call rejects with a `PlaygroundError`.
 */
import { PlaygroundError } from '../session/errors';
import { csrfToken, refusal } from '../session/server';
import { words } from '../i18n/exchange';

export type Form = keyof typeof words.forms;

export interface Transfer {
  id: string;
  kind: 'export' | 'import';
  name: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** From 0 to 1. */
  progress: number;
  size: number;
  message: string;
  /** What is not as it was, in sentences. */
  notes: string[];
  /** Of the file, or of the session that an import made; null until it is done. */
  url: string | null;
}

type Tell = (progress: number) => void;

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 3_000;

export function startExport(session: string, form: Form): Promise<Transfer> {
  return post<Transfer>(`/api/sessions/${session}/exports`, { form });
}

/** Makes a session of one's own from the session that a link leads to; gives its address. */
export async function copyByLink(url: string): Promise<string> {
  const made = await post<{ url: string }>('/api/imports/link', { url });
  return made.url;
}

/** Sends a file; `tell` hears how much of it has gone out. */
export function startImport(file: File, tell: Tell): Promise<Transfer> {
  return new Promise((resolve, reject) => {
    // Only this older interface tells how far an upload is.
    const request = new XMLHttpRequest();
    request.open('POST', `/api/imports?name=${encodeURIComponent(file.name.toWellFormed())}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-CSRFToken', csrfToken());
    request.upload.onprogress = ({ loaded, total }) => tell(total ? loaded / total : 0);
    request.onerror = () => reject(offline());
    request.onload = () => {
      const answer = new Response(request.responseText, { status: request.status || 500 });
      read<Transfer>(answer).then(resolve, reject);
    };
    request.send(file);
  });
}

/** Asks until it is done and gives it then; rejects when it failed. */
export async function follow(transfer: Transfer, tell: Tell): Promise<Transfer> {
  let wait = FIRST_WAIT_MS;
  let now = transfer;
  while (now.state === 'waiting' || now.state === 'running') {
    tell(now.progress);
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(LONGEST_WAIT_MS, wait * 1.5);
    now = await look(now);
  }
  if (now.state === 'failed') throw new PlaygroundError('invalid', now.message);
  return now;
}

/** A moment without the network is no reason to give up what the server goes on doing. */
async function look(transfer: Transfer): Promise<Transfer> {
  try {
    return await send<Transfer>(`/api/transfers/${transfer.id}`, { cache: 'no-store' });
  } catch (error) {
    if (error instanceof PlaygroundError && error.code === 'offline') return transfer;
    throw error;
  }
}

function post<Answer>(address: string, body: object): Promise<Answer> {
  return send<Answer>(address, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken() },
  });
}

async function send<Answer>(address: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch {
    throw offline();
  }
  return read<Answer>(response);
}

async function read<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as Answer;
}

function offline(): PlaygroundError {
  return new PlaygroundError('offline', words.lost);
}
