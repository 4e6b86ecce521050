/** Which files were open in a session when this browser showed it last. */
export interface Tabs {
  paths: string[];
  active: string | null;
}

const key = (user: string, session: string) => `playground:tabs:${user}:${session}`;

export function rememberTabs(user: string, session: string, tabs: Tabs): void {
  try {
    if (tabs.paths.length) localStorage.setItem(key(user, session), JSON.stringify(tabs));
    else localStorage.removeItem(key(user, session));
  } catch {
    // Without storage the tabs live as long as the page.
  }
}

export function rememberedTabs(user: string, session: string): Tabs {
  try {
    const found = JSON.parse(localStorage.getItem(key(user, session)) ?? '{}') as Partial<Tabs>;
    const paths = (found.paths ?? []).filter((path) => typeof path === 'string');
    return { paths, active: typeof found.active === 'string' ? found.active : null };
  } catch {
    return { paths: [], active: null };
  }
}
