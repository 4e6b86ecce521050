// Light or dark as this browser's person chose it. It runs before anything is painted, and gives
// the choice on pages without other scripts to a list in their head.
(() => {
  const KEY = "playground.theme";
  const THEMES = ["light", "dark"];

  function chosen() {
    try {
      const found = localStorage.getItem(KEY);
      return THEMES.includes(found) ? found : "system";
    } catch {
      return "system";
    }
  }

  function show() {
    const theme = chosen();
    const root = document.documentElement;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const list of document.querySelectorAll("[data-theme-choice] select")) list.value = theme;
  }

  function choose(theme) {
    try {
      if (theme === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // A browser that keeps nothing stays with the system's look.
    }
    show();
  }

  show();
  addEventListener("storage", ({ key }) => {
    if (key === KEY || key === null) show();
  });
  addEventListener("pageshow", show);
  addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("[data-theme-choice]")) {
      place.hidden = false;
      place.querySelector("select").addEventListener("change", ({ target }) => choose(target.value));
    }
    show();
  });
})();
