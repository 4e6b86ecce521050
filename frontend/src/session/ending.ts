/** How an entry's run ended, in one sentence to be read aloud. */
import type { Entry } from '../protocol.gen';

const MOST = 200;

export function ending(entry: Entry): string {
  const name = `Entry ${entry.number}`;
  switch (entry.status) {
    case 'ok':
      return shorten(`${name} is done. ${result(entry)}`.trim());
    case 'error':
      return shorten(`${name} ended with an error. ${problem(entry)}`.trim());
    case 'interrupted':
      return `${name} was stopped.`;
    case 'timeout':
      return `${name} was stopped: its time was up.`;
    case 'queued':
    case 'running':
      return '';
    default:
      return entry.status satisfies never;
  }
}

function result(entry: Entry): string {
  const last = entry.outputs.at(-1);
  if (last?.type === 'execute_result') return last.data['text/plain'] ?? 'It has a result.';
  if (last?.type === 'stream') return last.text.trimEnd().split('\n').at(-1) ?? '';
  return last ? 'It shows something.' : '';
}

function problem(entry: Entry): string {
  const error = entry.outputs.findLast((output) => output.type === 'error');
  return error ? `${error.ename}: ${error.evalue}` : '';
}

function shorten(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
