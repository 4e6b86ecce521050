/** The events of `window.playground.on`: a listener that throws disturbs nobody else. */
import type { Output, Role, Status, VariableRow } from '../protocol.gen';
import type { InputView, SavingKind } from './view';

export interface SavedReport {
  /** The last entry that the head contains; 0 for none. */
  number: number;
  /** Bytes that the head's save sent, compressed, manifest included. */
  bytes: number;
  /** What the latest capture of this tab cost in the runtime's thread, in ms. */
  saveMs: number;
  unsaved: { name: string; reason: string }[];
}

export interface Events {
  execution: { number: number; status: Status };
  output: { number: number; output: Output };
  variables: VariableRow[];
  saved: SavedReport & { state: SavingKind };
  presence: { name: string; role: Role }[];
  input: InputView;
}

export const EVENT_NAMES: readonly (keyof Events)[] = [
  'execution',
  'output',
  'variables',
  'saved',
  'presence',
  'input',
];

type Callback<Name extends keyof Events> = (event: Events[Name]) => void;

export class EventHub {
  readonly #listeners = new Map<keyof Events, Set<Callback<never>>>();

  on<Name extends keyof Events>(name: Name, callback: Callback<Name>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(callback);
    return () => void listeners.delete(callback);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])])
      try {
        (listener as Callback<Name>)(event);
      } catch (error) {
        reportError(error);
      }
  }

  has(name: keyof Events): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }
}
