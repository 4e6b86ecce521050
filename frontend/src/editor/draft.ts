/**
 * The text not yet run, kept for this tab so that a reload does not lose it. It is its writer's
 * alone: somebody else may sign in in the same tab and open the same session.
 */

const key = (user: string, session: string) => `playground:draft:${user}:${session}`;

/** Storage may be full or forbidden; then the draft lives as long as the page. */
export function keepDraft(user: string, session: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(key(user, session), text);
    else sessionStorage.removeItem(key(user, session));
  } catch {
    return;
  }
}

export function keptDraft(user: string, session: string): string {
  try {
    return sessionStorage.getItem(key(user, session)) ?? '';
  } catch {
    return '';
  }
}
