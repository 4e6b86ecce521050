/**
 * The newcomer's page: makes a guest with a session by one POST and goes there.
 *
 * A Web Lock lets only one of several tabs ask at a time, so that two tabs opened at once do not
 * make two guests: the second finds the first one's cookie and gets that guest's session.
 */
const RETRY = 'That did not work. Is the network there? Nothing was lost.';

function csrfToken(): string {
  const field = document.querySelector<HTMLInputElement>('input[name=csrfmiddlewaretoken]');
  if (field) return field.value;
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}

async function askForSession(): Promise<string> {
  const response = await fetch('/api/start', {
    method: 'POST',
    headers: { 'X-CSRFToken': csrfToken(), Accept: 'application/json' },
  });
  const answer = (await response.json().catch(() => ({}))) as { url?: string; message?: string };
  if (!response.ok || !answer.url) throw new Error(answer.message ?? RETRY);
  return answer.url;
}

function place(): HTMLElement {
  const main = document.querySelector<HTMLElement>('main') ?? document.body;
  const box = document.querySelector<HTMLElement>('#start') ?? document.createElement('div');
  if (!box.isConnected) main.append(box);
  return box;
}

function say(text: string, retry: boolean): void {
  const line = document.createElement('p');
  line.setAttribute('role', retry ? 'alert' : 'status');
  line.textContent = text;
  const box = place();
  box.replaceChildren(line);
  if (!retry) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', () => void start());
  box.append(button);
  button.focus();
}

/** Without locks (an address that is not secure) the session page explains; it is still made. */
async function alone(task: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request('playground-start', task);
  else await task();
}

async function start(): Promise<void> {
  say('Making your playground…', false);
  try {
    await alone(async () => {
      location.replace(await askForSession());
    });
  } catch (error) {
    say(error instanceof TypeError || !(error instanceof Error) ? RETRY : error.message, true);
  }
}

void start();
