/**
 * Prints docs/commands.md from the table of session commands. `npm run docs:commands` writes it;
 * a test compares the two.
 */
import { resolve } from 'node:path';

import { build } from 'vite';

const here = import.meta.dirname;

/** The table as a module of plain JavaScript, bundled in memory. */
async function load() {
  const result = await build({
    root: here,
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: resolve(here, 'src/session/commands/table.ts'),
      write: false,
      minify: false,
    },
  });
  const [{ code }] = result.output;
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}

const yes = (value) => (value ? 'yes' : '');
const cell = (text) => text.replaceAll('|', '\\|');

const { COMMANDS, usage, UNDO_NOTE } = await load();
const rows = COMMANDS.map(
  (command) =>
    `| \`${usage(command)}\` | ${cell(command.help)} | ${yes(command.asks)} | ${yes(command.kind === 'read')} |`,
);
process.stdout.write(`# Session commands

A line that begins with a colon is a command to the session, not Python. It can be typed in the
input, chosen from the palette, or given to \`playground.execute(":…")\`, and means the same
everywhere. It becomes an entry of the kind \`command\` (\`:load\` one of the kind \`file\`) whose
result is the answer as \`text/plain\`; what cannot be done is an error output \`CommandError\`.

| command | what it does | asks first when typed | viewers too |
|---|---|---|---|
${rows.join('\n')}

${UNDO_NOTE} After a reload \`:undo\` goes back along the saved states, one execution at a time.
\`playground.execute\` never asks. Who only follows, in another tab or as a viewer, gets the answers
of the commands for viewers at once, without an entry (\`number\` is null).

This page is made from \`frontend/src/session/commands/table.ts\` by \`npm run docs:commands\`.
`);
