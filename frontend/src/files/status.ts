/** What is said of an open script: whether its text is saved, and what it waits for. */
import { words } from '../i18n/files';
import type { SessionView } from '../session/view';
import type { Script } from './script.svelte';

/** The whole truth in a few words. */
export function statusWords(script: Script, view: SessionView): string {
  if (script.readonly) return words.readOnly;
  if (script.dirty && !script.kept) return words.notKept;
  switch (script.status) {
    case 'saved':
      return words.saved;
    case 'unsaved':
      return words.unsaved;
    case 'saving':
      return waitsFor(view);
    case 'sending':
      return view.online ? words.sending : words.offline;
    case 'failed':
      return words.failed(script.trouble);
    case 'conflict':
    case 'gone':
      return words.undecided;
  }
}

/** A short word on the tab while the text is not saved; empty when it is. */
export function markOf(script: Script): string {
  if (script.readonly || script.status === 'saved') return '';
  const decides = script.status === 'conflict' || script.status === 'gone';
  return decides ? words.undecided : words.unsaved;
}

function waitsFor(view: SessionView): string {
  if (!view.isRunner) return view.online ? words.waitsForRunner : words.offline;
  if (view.running) return words.waitsForRun;
  const { phase } = view.runtime;
  return phase === 'loading' || phase === 'restoring' ? words.waitsForPython : words.saving;
}
