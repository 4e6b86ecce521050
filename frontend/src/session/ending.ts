/** How an entry's run ended, in one sentence to be read aloud. */
import { words } from '../i18n/session';
import type { Entry } from '../protocol.gen';

const MOST = 200;

export function ending(entry: Entry): string {
  switch (entry.status) {
    case 'ok':
      return shorten(`${words.endings.ok(entry.number)} ${result(entry)}`.trim());
    case 'error':
      return shorten(`${words.endings.error(entry.number)} ${problem(entry)}`.trim());
    case 'interrupted':
      return words.endings.interrupted(entry.number);
    case 'timeout':
      return words.endings.timeout(entry.number);
    case 'queued':
    case 'running':
      return '';
    default:
      return entry.status satisfies never;
  }
}

function result(entry: Entry): string {
  const last = entry.outputs.at(-1);
  if (last?.type === 'execute_result') return last.data['text/plain'] ?? words.hasResult;
  if (last?.type === 'stream') return last.text.trimEnd().split('\n').at(-1) ?? '';
  return last ? words.showsSomething : '';
}

function problem(entry: Entry): string {
  const error = entry.outputs.findLast((output) => output.type === 'error');
  return error ? `${error.ename}: ${error.evalue}` : '';
}

function shorten(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
