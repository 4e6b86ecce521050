/** The text not yet run, kept for this tab so that a reload does not lose it. */

const key = (session: string) => `playground:draft:${session}`;

/** Storage may be full or forbidden; then the draft lives as long as the page. */
export function keepDraft(session: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(key(session), text);
    else sessionStorage.removeItem(key(session));
  } catch {
    return;
  }
}

export function keptDraft(session: string): string {
  try {
    return sessionStorage.getItem(key(session)) ?? '';
  } catch {
    return '';
  }
}
