/** The ticks of a list: several at once, all at once, and how many there are. */
import { words } from '../i18n/sessions';

export class Ticks {
  readonly boxes: HTMLInputElement[];
  readonly #all: HTMLInputElement;
  #last = 0;

  constructor(
    list: HTMLElement,
    private readonly bulk: HTMLFormElement,
  ) {
    this.boxes = [...list.querySelectorAll<HTMLInputElement>('input.tick')];
    this.boxes.forEach((box, place) => {
      box.addEventListener('click', ({ shiftKey }) => this.#clicked(place, shiftKey));
      box.addEventListener('change', () => this.#told());
    });
    const all = bulk.querySelector('#all-ticks');
    if (!(all instanceof HTMLInputElement)) throw new Error('The bar of many has no tick for all.');
    this.#all = all;
    all.hidden = false;
    bulk.toggleAttribute('data-live', true);
    all.setAttribute('aria-label', words.all);
    all.addEventListener('change', () => this.set(0, this.boxes.length - 1, all.checked));
    // A page that the browser shows again from its memory keeps its ticks.
    window.addEventListener('pageshow', () => this.#told());
    this.#told();
  }

  /** Ticks (or not) from one place to another, both included. */
  set(from: number, to: number, on: boolean): void {
    for (const box of this.boxes.slice(Math.min(from, to), Math.max(from, to) + 1))
      box.checked = on;
    this.#last = to;
    this.#told();
  }

  get count(): number {
    return this.boxes.filter(({ checked }) => checked).length;
  }

  /** Presses a button of the bar; without any tick it is for the line at `place`. */
  press(deed: string, place: number): void {
    const button = this.bulk.querySelector<HTMLButtonElement>(`button[value="${deed}"]`);
    if (!button) return;
    if (this.count === 0) this.set(place, place, true);
    this.bulk.requestSubmit(button);
  }

  #clicked(place: number, range: boolean): void {
    if (range) this.set(this.#last, place, this.boxes[place]?.checked === true);
    this.#last = place;
  }

  #told(): void {
    const { count } = this;
    this.bulk.toggleAttribute('data-ticked', count > 0);
    this.#all.checked = count > 0 && count === this.boxes.length;
    this.#all.indeterminate = count > 0 && count < this.boxes.length;
    const text = count ? words.ticked(count) : words.none;
    const place = this.bulk.querySelector('#ticked');
    if (place && place.textContent !== text) place.textContent = text;
  }
}
