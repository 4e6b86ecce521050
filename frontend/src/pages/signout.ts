/**
 * The pages on which a browser forgets its person: signing out, and deleting everything. Both ask
 * about work that only this browser has. Signing out then forgets what the browser keeps before it
 * goes on; deleting leaves that to the server's header, since the password may be wrong. Without
 * this script that header clears the same.
 */
import { clearLocalData, unsentQuestion, unsentWork } from '../session/clearing';

async function ask(form: HTMLFormElement, place: HTMLElement): Promise<void> {
  const deletes = form.id === 'delete-all';
  const unsent = await unsentWork(form.dataset['person'] ?? '');
  // Who deletes everything means their own work too; that of others is not theirs to lose.
  const question = unsentQuestion(deletes ? { ...unsent, own: 0 } : unsent);
  let asked = false;
  if (question) place.textContent = question;
  form.addEventListener('submit', (event) => {
    if (question && !asked) {
      event.preventDefault();
      asked = true;
      place.setAttribute('role', 'alert');
      place.textContent = question;
      return;
    }
    if (deletes) return;
    event.preventDefault();
    void clearLocalData().then(() => form.submit());
  });
}

const form = document.querySelector<HTMLFormElement>('form#sign-out, form#delete-all');
const place = document.querySelector<HTMLElement>('#unsent');
if (form && place) void ask(form, place);
