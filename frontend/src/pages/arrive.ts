/**
 * What the two pages of people who arrive have in common: one POST that leads to a session, words
 * while it is under way, and another try when it fails.
 *
 * A Web Lock lets only one of several tabs ask at a time, so that two tabs opened at once do not
 * make two guests: the second finds the first one's cookie.
 */
import { words } from '../i18n/arrival';

/** An answer that another try does not change. */
class Refused extends Error {}

export interface Arrival {
  address: string;
  body?: object;
  /** Shown while the server is asked. */
  waiting: string;
}

function csrfToken(): string {
  const field = document.querySelector<HTMLInputElement>('input[name=csrfmiddlewaretoken]');
  if (field) return field.value;
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}

async function ask({ address, body }: Arrival): Promise<string> {
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'X-CSRFToken': csrfToken(),
      Accept: 'application/json',
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = (await response.json().catch(() => ({}))) as { url?: string; message?: string };
  if (response.ok && answer.url) return answer.url;
  const final = response.status === 404 || response.status === 410;
  throw new (final ? Refused : Error)(answer.message ?? words.retry);
}

function place(): HTMLElement {
  const main = document.querySelector<HTMLElement>('main') ?? document.body;
  const box = document.querySelector<HTMLElement>('#start') ?? document.createElement('div');
  if (!box.isConnected) main.append(box);
  return box;
}

function say(text: string, role: 'alert' | 'status'): HTMLElement {
  const line = document.createElement('p');
  line.setAttribute('role', role);
  line.textContent = text;
  const box = place();
  box.replaceChildren(line);
  return box;
}

function offerRetry(box: HTMLElement, arrival: Arrival): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = words.again;
  button.addEventListener('click', () => void arrive(arrival));
  box.append(button);
  button.focus();
}

/** Without locks (an address that is not secure) the session page explains; it is still made. */
async function alone(task: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request('playground-start', task);
  else await task();
}

/** Asks for the session and goes there, in the place of this page. */
export async function arrive(arrival: Arrival): Promise<void> {
  say(arrival.waiting, 'status');
  try {
    await alone(async () => {
      location.replace(await ask(arrival));
    });
  } catch (error) {
    const unknown = error instanceof TypeError || !(error instanceof Error);
    const box = say(unknown ? words.retry : error.message, 'alert');
    if (!(error instanceof Refused)) offerRetry(box, arrival);
  }
}
