/** How this browser shows the table of variables; remembered until its data is cleared. */
import type { Order, SortKey } from './listing';

const KEY = 'playground:variables';
const KEYS: readonly SortKey[] = ['name', 'type', 'size', 'changed'];

export class Preferences {
  modules = $state(true);
  functions = $state(true);
  order = $state.raw<Order | null>(null);

  constructor(private readonly storage: Storage = localStorage) {
    try {
      this.#read(JSON.parse(storage.getItem(KEY) ?? '{}') as Record<string, unknown>);
    } catch {
      // What somebody else wrote there is no reason not to show the table.
    }
  }

  keep(): void {
    const { modules, functions, order } = this;
    try {
      this.storage.setItem(KEY, JSON.stringify({ modules, functions, order }));
    } catch {
      // A full or forbidden storage forgets the choice; the table works all the same.
    }
  }

  #read(kept: Record<string, unknown>): void {
    if (typeof kept['modules'] === 'boolean') this.modules = kept['modules'];
    if (typeof kept['functions'] === 'boolean') this.functions = kept['functions'];
    const order = kept['order'] as Partial<Order> | null | undefined;
    const key = KEYS.find((known) => known === order?.key);
    if (key) this.order = { key, descending: order?.descending === true };
  }
}
