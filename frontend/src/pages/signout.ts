/**
 * The sign-out page: asks about work that only this browser has, then forgets what the browser
 * keeps, then signs out. Without this script the server's header clears the same.
 */
import { clearLocalData, unsentQuestion, unsentWork } from '../session/clearing';

async function ask(form: HTMLFormElement, place: HTMLElement): Promise<void> {
  const question = unsentQuestion(await unsentWork(form.dataset.person ?? ''));
  let asked = false;
  if (question) place.textContent = question;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (question && !asked) {
      asked = true;
      place.setAttribute('role', 'alert');
      place.textContent = question;
      return;
    }
    void clearLocalData().then(() => form.submit());
  });
}

const form = document.querySelector<HTMLFormElement>('form#sign-out');
const place = document.querySelector<HTMLElement>('#unsent');
if (form && place) void ask(form, place);
