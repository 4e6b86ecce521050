/**
 * The script of the pages of classes. A card's QR code brings its secret behind the `#`, which is
 * taken out of the address at once; who knocked asks again until a teacher answers; the teacher's
 * page shows who knocks.
 */
import { words } from '../i18n/classes';
import { csrfToken } from '../session/server';
import { closeMenus } from '../sessions/menus';

const ASK_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 4_000;

function comeBySecret(form: HTMLFormElement): void {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, '', location.pathname);
  const field = form.elements.namedItem('secret');
  if (!(field instanceof HTMLInputElement)) return;
  field.value = secret;
  form.requestSubmit();
}

async function askAgain(place: HTMLElement, address: string): Promise<void> {
  const headers = { 'X-CSRFToken': csrfToken(), Accept: 'application/json' };
  const answer = await fetch(address, { method: 'POST', headers })
    .then(
      (response) => response.json() as Promise<{ state?: string; url?: string; message?: string }>,
    )
    .catch(() => ({ state: 'waiting' }) as { state: string; url?: string; message?: string });
  if (answer.state === 'in' && answer.url) location.replace(answer.url);
  else if (answer.state === 'over') place.textContent = answer.message ?? words.over;
  else setTimeout(() => void askAgain(place, address), ASK_EVERY_MS);
}

async function lookAgain(place: HTMLElement, address: string): Promise<void> {
  if (!document.hidden) {
    const text = await fetch(address)
      .then((response) => (response.ok ? response.text() : null))
      .catch(() => null);
    // Each answer has a token of its own; what is shown changes only with those who knock.
    if (text !== null && knocking(text) !== knocking(place.innerHTML)) place.innerHTML = text;
  }
  setTimeout(() => void lookAgain(place, address), LOOK_EVERY_MS);
}

function knocking(html: string): string {
  return [...html.matchAll(/name="knock" value="(\d+)"/g)].map((match) => match[1]).join();
}

/** The server speaks of times in UTC, the teacher in those of the clock on the wall. */
function localTimes(): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[data-utc]')];
  for (const field of fields) {
    field.value = local(field.value);
    field.form?.addEventListener('formdata', ({ formData }) => {
      if (field.value) formData.set(field.name, utc(field.value));
    });
  }
}

function local(utc: string): string {
  const at = new Date(`${utc}Z`);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function utc(local: string): string {
  return new Date(local).toISOString().slice(0, 16);
}

const bySecret = document.querySelector<HTMLFormElement>('#by-secret');
if (bySecret) comeBySecret(bySecret);

const waiting = document.querySelector<HTMLElement>('#waiting');
if (waiting?.dataset['ask']) void askAgain(waiting, waiting.dataset['ask']);

const knocks = document.querySelector<HTMLElement>('#knocks');
if (knocks?.dataset['refresh']) {
  const address = knocks.dataset['refresh'];
  setTimeout(() => void lookAgain(knocks, address), LOOK_EVERY_MS);
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
localTimes();
closeMenus();
