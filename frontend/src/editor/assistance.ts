/** What an editor needs to help: someone to ask, and what else is on the page. */
import type { Extension } from '@codemirror/state';
import type { CompletionSource } from '@codemirror/autocomplete';

import { completionSource } from './complete';
import { help } from './help';
import { marks } from './marks';

export interface Assistance {
  /** Asks Python (docs/runtime.md, questions); rejects while it is busy or not here. */
  ask(question: string, args: unknown): Promise<unknown>;
  /** Text whose words are offered when Python cannot be asked. */
  text?(): string;
  /** The code is a file: it must be whole. */
  file?: boolean;
  /** Commands that a colon at the beginning starts. */
  commands?: readonly { name: string; help: string }[];
}

export function assist(assistance: Assistance): {
  complete: CompletionSource;
  extensions: Extension;
} {
  return {
    complete: completionSource(assistance),
    extensions: [help(assistance), marks(assistance)],
  };
}
