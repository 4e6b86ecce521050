/**
 * Builds the live pages into Django's static files, each page an entry of its own.
 *
 * django-vite reads `manifest.json`. The runtime frame's script is built on its own
 * (`npm run build:runtime`) into `runtime/` of the same folder, so this build must not empty it:
 * the plugin below removes only what an earlier build of the pages left.
 */
import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = import.meta.dirname;
const out = resolve(here, '../playground/static/build');
const pages = ['session', 'start', 'join', 'signout', 'sessions', 'transfer', 'classes', 'wall'];

function entries(): Record<string, string> {
  const present = pages.filter((name) => existsSync(resolve(here, `src/pages/${name}.ts`)));
  return Object.fromEntries(present.map((name) => [name, `src/pages/${name}.ts`]));
}

function emptyPages(): Plugin {
  return {
    name: 'empty-pages',
    apply: 'build',
    buildStart() {
      if (!existsSync(out)) return;
      for (const name of readdirSync(out))
        if (name !== 'runtime') rmSync(resolve(out, name), { recursive: true });
    },
  };
}

export default defineConfig({
  root: here,
  base: '/static/build/',
  plugins: [emptyPages(), svelte(), svelteTesting()],
  build: {
    outDir: out,
    emptyOutDir: false,
    manifest: 'manifest.json',
    target: 'es2023',
    // A data: URL in a style sheet or script is not worth an exception in the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: entries() },
  },
  // The packages may be a link to a folder that several working copies share.
  server: { fs: { allow: [here, realpathSync(resolve(here, 'node_modules'))] } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    // Waiting ends when something happens; this only says when it will not any more.
    testTimeout: 30_000,
  },
});
