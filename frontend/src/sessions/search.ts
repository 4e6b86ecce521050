/** Searches as one types: after a short rest the page is asked for anew, the words stay in the box. */
const REST_MS = 400;
const KEPT = 'sessions-search-focus';

export function search(finder: HTMLFormElement): void {
  const box = finder.querySelector<HTMLInputElement>('input[type=search]');
  if (!box) return;
  finder.toggleAttribute('data-live', true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const before = box.value;
  const go = (): void => {
    if (box.value.trim() === before.trim()) return;
    sessionStorage.setItem(KEPT, '1');
    finder.requestSubmit();
  };
  box.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(go, REST_MS);
  });
  finder.querySelector('select')?.addEventListener('change', () => finder.requestSubmit());
  if (sessionStorage.getItem(KEPT) === null) return;
  sessionStorage.removeItem(KEPT);
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}
