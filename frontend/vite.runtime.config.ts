/**
 * Builds the runtime frame's script: one classic script with the worker's inside it as text.
 *
 * The worker must come from a blob, because an opaque origin may start no other, and the frame may
 * fetch nothing: so everything is in this one file.
 */
import { resolve } from 'node:path';

import { build, defineConfig, type Plugin, type UserConfig } from 'vite';

const here = import.meta.dirname;
const ID = 'virtual:worker-source';

const script = (name: string): UserConfig => ({
  root: here,
  publicDir: false,
  build: {
    outDir: resolve(here, '../playground/static/build/runtime'),
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: {
      input: resolve(here, `src/runtime/${name}.ts`),
      output: { format: 'iife', entryFileNames: `${name}.js` },
    },
  },
});

async function workerSource(): Promise<string> {
  const config = script('worker');
  const built = await build({
    ...config,
    configFile: false,
    logLevel: 'warn',
    build: { ...config.build, write: false },
  });
  const [chunk] = Array.isArray(built)
    ? (built[0]?.output ?? [])
    : 'output' in built
      ? built.output
      : [];
  if (chunk?.type !== 'chunk') throw new Error('the worker was not built');
  return chunk.code;
}

function inlineWorker(): Plugin {
  return {
    name: 'inline-worker',
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load: async (id) =>
      id === `\0${ID}` ? `export default ${JSON.stringify(await workerSource())}` : null,
  };
}

export default defineConfig({ ...script('frame'), plugins: [inlineWorker()] });
