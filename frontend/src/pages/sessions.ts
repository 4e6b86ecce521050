/**
 * The session list's script: the keyboard, several ticks at once, a search that answers as one types.
 * Without it every form of the page still works.
 */
import { keyboard } from '../sessions/keyboard';
import { search } from '../sessions/search';
import { Ticks } from '../sessions/ticks';

const list = document.querySelector<HTMLElement>('#sessions');
const bulk = document.querySelector<HTMLFormElement>('#bulk');
const finder = document.querySelector<HTMLFormElement>('#finder');

if (list && bulk) {
  const ticks = new Ticks(list, bulk);
  keyboard(list, ticks, finder);
  document.querySelector('#keys')?.removeAttribute('hidden');
}
if (finder) search(finder);
closeMenus();

/** One menu is open at a time; a click elsewhere or Escape closes it. */
function closeMenus(): void {
  const others = (kept: EventTarget | null): void => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]'))
      if (!(kept instanceof Node && menu.contains(kept))) menu.open = false;
  };
  document.addEventListener('click', ({ target }) => others(target));
  document.addEventListener('focusin', ({ target }) => others(target));
  document.addEventListener('keydown', (event) => {
    const menu = document.querySelector<HTMLDetailsElement>('details.menu[open]');
    if (event.key !== 'Escape' || !menu) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
}
