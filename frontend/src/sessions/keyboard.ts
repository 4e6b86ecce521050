/** The list by keyboard: arrows move from line to line, and keys do what the menus do. */
import type { Ticks } from './ticks';

export function keyboard(list: HTMLElement, ticks: Ticks, finder: HTMLFormElement | null): void {
  const links = [...list.querySelectorAll<HTMLAnchorElement>('.session-title a')];

  function place(target: EventTarget | null): number {
    const line = target instanceof Element ? target.closest('.session') : null;
    return line ? [...list.children].indexOf(line) : -1;
  }

  function move(from: number, step: number, event: KeyboardEvent): void {
    const to = Math.min(Math.max(0, from + step), links.length - 1);
    if (event.shiftKey) ticks.set(from, to, true);
    links[to]?.focus();
  }

  /** Whether the key was for the line at `at`. */
  function pressed(event: KeyboardEvent, at: number): boolean {
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        move(at, event.key === 'ArrowDown' ? 1 : -1, event);
        return true;
      case 'Home':
      case 'End':
        links[event.key === 'Home' ? 0 : links.length - 1]?.focus();
        return true;
      case ' ':
        if (event.target !== links[at]) return false;
        ticks.set(at, at, !ticks.boxes[at]?.checked);
        return true;
      case 'Delete':
        ticks.press('delete', at);
        return true;
      case 'F2':
        rename(at);
        return true;
      case 'a':
        if (!event.ctrlKey && !event.metaKey) return false;
        ticks.set(0, links.length - 1, true);
        return true;
      default:
        return false;
    }
  }

  function rename(at: number): void {
    const menu = list.children[at]?.querySelector<HTMLDetailsElement>('details.menu');
    const field = menu?.querySelector<HTMLInputElement>('input[name=title]');
    if (!menu || !field) return;
    menu.open = true;
    field.focus();
    field.select();
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey || inText(event.target)) return;
    if (event.key === '/' && finder) {
      finder.querySelector<HTMLInputElement>('input[type=search]')?.focus();
      event.preventDefault();
      return;
    }
    const at = place(event.target);
    const first = at < 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp');
    if (first && document.activeElement === document.body) {
      links[0]?.focus();
      event.preventDefault();
    } else if (at >= 0 && !inMenu(event.target) && pressed(event, at)) event.preventDefault();
  });
}

function inText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]')
  );
}

function inMenu(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('details.menu') !== null;
}
