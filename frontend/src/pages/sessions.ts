/**
 * The session list's script: the keyboard, several ticks at once, a search that answers as one types.
 * Without it every form of the page still works.
 */
import { keyboard } from '../sessions/keyboard';
import { closeMenus } from '../sessions/menus';
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
