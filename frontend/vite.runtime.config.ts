/**
 * Builds the scripts that stand on their own: the runtime frame's, with the worker's inside it as
 * text, and `early.js`, which the session page carries in its HTML.
 *
 * The worker must come from a blob, because an opaque origin may start no other, and the frame may
 * fetch nothing: so everything is in one file.
 */
import { resolve } from 'node:path';

import { build, defineConfig, type Plugin, type UserConfig } from 'vite';

const here = import.meta.dirname;
const ID = 'virtual:worker-source';

const script = (name: string, source = `src/runtime/${name}.ts`): UserConfig => ({
  root: here,
  publicDir: false,
  build: {
    outDir: resolve(here, '../playground/static/build/runtime'),
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: {
      input: resolve(here, source),
      output: { format: 'iife', entryFileNames: `${name}.js` },
    },
  },
});

async function codeOf(config: UserConfig): Promise<string> {
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
  if (chunk?.type !== 'chunk') throw new Error('nothing was built');
  return chunk.code;
}

function inlineWorker(): Plugin {
  return {
    name: 'inline-worker',
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load: async (id) =>
      id === `\0${ID}` ? `export default ${JSON.stringify(await codeOf(script('worker')))}` : null,
  };
}

function earlyScript(): Plugin {
  return {
    name: 'early-script',
    async generateBundle() {
      const source = await codeOf(script('early', 'src/pages/early.ts'));
      this.emitFile({ type: 'asset', fileName: 'early.js', source });
    },
  };
}

export default defineConfig({ ...script('frame'), plugins: [inlineWorker(), earlyScript()] });
