/**
 * The name that a new session gets from what ran first, so that a list of sessions tells them apart.
 * The server takes it only while nobody has named the session.
 */
import { DEFAULT_TITLE, type Entry, type SessionState, type SetTitle } from '../protocol.gen';
import { titleProblem } from './titles';

/** Characters of a name, as many as a list shows in one line. */
const MOST = 40;

/** What names the session after its first entry that ran well; null when nothing is to be named. */
export function nameAfter(state: SessionState, number: number): SetTitle | null {
  if (state.title !== DEFAULT_TITLE || state.entriesFrom > 1) return null;
  const first = state.entries.find(named);
  const title = first?.number === number ? nameOf(first) : null;
  return title === null ? null : { type: 'set_title', title, automatic: true };
}

function named({ kind, status }: Entry): boolean {
  return status === 'ok' && (kind === 'code' || kind === 'file');
}

function nameOf({ path, source }: Entry): string | null {
  const lines = source.split('\n').map((line) => line.replace(/^[#\s]+/, '').trim());
  const whole = path ?? lines.find((line) => line !== '') ?? '';
  const letters = [...whole.replace(/\s+/g, ' ')];
  const title =
    letters.length > MOST
      ? `${letters
          .slice(0, MOST - 1)
          .join('')
          .trimEnd()}…`
      : letters.join('');
  return titleProblem(title) === null ? title : null;
}
