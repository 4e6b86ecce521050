/**
 * What this browser keeps of people's work, and how it forgets it: for signing out on a computer
 * that others use too.
 */
import { deleteDatabase, openDatabase } from './database';

/** Another tab that does not let go of the database must not keep a person from signing out. */
const DELETE_MS = 3_000;

export interface UnsentWork {
  /** Sessions of this person, and of anybody else, that have work which the server has not. */
  own: number;
  others: number;
}

export async function unsentWork(person: string): Promise<UnsentWork> {
  try {
    const database = await openDatabase();
    const keys = await Promise.all([
      database.getAllKeys('operations'),
      database.getAllKeys('orphans'),
    ]);
    database.close();
    const sessions = new Set(keys.flat().map(([user, session]) => `${user} ${session}`));
    const own = [...sessions].filter((key) => key.startsWith(`${person} `)).length;
    return { own, others: sessions.size - own };
  } catch {
    // Without a database nothing was kept.
    return { own: 0, others: 0 };
  }
}

/** The question before signing out; empty when nothing would be lost. */
export function unsentQuestion({ own, others }: UnsentWork): string {
  const total = own + others;
  if (!total) return '';
  const whose = own ? (others ? 'Yours and other people’s' : 'Your') : 'Other people’s';
  const sessions = total === 1 ? 'a session' : `${total} sessions`;
  return (
    `${whose} latest work in ${sessions} is only in this browser. Open ${total === 1 ? 'it' : 'them'} ` +
    'with a network to send it. If you go on, it is lost for ever: press the button once more.'
  );
}

/** Forgets everything that pages of this address keep in the browser. */
export async function clearLocalData(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  const late = new Promise((resolve) => setTimeout(resolve, DELETE_MS));
  await Promise.race([deleteDatabase().catch(() => undefined), late]);
}
