/** Menus made of `details.menu`: one is open at a time; a click elsewhere or Escape closes it. */
export function closeMenus(): void {
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
