/**
 * Light or dark, as this browser's person chose it. `theme.js` of the server's static files shows the
 * choice before anything is painted, here and in other tabs; this is the way to change it.
 */
const KEY = 'playground.theme';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

class Look {
  #chosen = $state.raw<Theme>(kept());

  constructor() {
    addEventListener('storage', ({ key }) => {
      if (key === KEY || key === null) this.#chosen = kept();
    });
  }

  get chosen(): Theme {
    return this.#chosen;
  }

  choose(theme: Theme): void {
    this.#chosen = theme;
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    try {
      if (theme === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // A browser that keeps nothing shows the choice on this page only.
    }
  }
}

function kept(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === found) ?? 'system';
  } catch {
    return 'system';
  }
}

export const look = new Look();
