/**
 * What this browser keeps of people's work, and how it forgets it: for signing out on a computer
 * that others use too.
 */
import { ownerOfKept } from '../files/kept';
import { words } from '../i18n/saving';
import { deleteDatabase, openDatabase } from './database';

/** Another tab that does not let go of the database must not keep a person from signing out. */
const DELETE_MS = 3_000;

export interface UnsentWork {
  /** Sessions of this person, and of anybody else, that have work which the server has not. */
  own: number;
  others: number;
}

export async function unsentWork(person: string): Promise<UnsentWork> {
  const sessions = [...(await unsentOperations()), ...unsentScripts()];
  const all = new Set(sessions.map(([user, session]) => `${user} ${session}`));
  const own = [...all].filter((key) => key.startsWith(`${person} `)).length;
  return { own, others: all.size - own };
}

type Owner = readonly [user: string, session: string];

async function unsentOperations(): Promise<Owner[]> {
  try {
    const database = await openDatabase();
    const keys = await Promise.all([
      database.getAllKeys('operations'),
      database.getAllKeys('orphans'),
    ]);
    database.close();
    return keys.flat().map(([user, session]): Owner => [user, session]);
  } catch {
    // Without a database nothing was kept.
    return [];
  }
}

/** What was typed into scripts and is not on the server yet. */
function unsentScripts(): Owner[] {
  try {
    return Object.keys(localStorage)
      .map(ownerOfKept)
      .filter((owner) => owner !== null);
  } catch {
    return [];
  }
}

/** The question before signing out; empty when nothing would be lost. */
export function unsentQuestion({ own, others }: UnsentWork): string {
  const total = own + others;
  if (!total) return '';
  return words.latestWork(own > 0, others > 0, total);
}

/** Forgets everything that pages of this address keep in the browser. */
export async function clearLocalData(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  const late = new Promise((resolve) => setTimeout(resolve, DELETE_MS));
  await Promise.race([deleteDatabase().catch(() => undefined), late]);
}
