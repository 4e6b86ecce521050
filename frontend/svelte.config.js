// How Svelte compiles: runes everywhere, and every accessibility warning is an error in `check`.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
