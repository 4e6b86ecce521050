/**
 * Runs the code that came in with a file, one entry after the other, as if each had been typed. It
 * stops at the first that does not end well, since what follows would build on it.
 */
import type { SessionState } from '../protocol.gen';

export interface RunAllPorts {
  state(): SessionState;
  loadEarlier(): Promise<unknown>;
  execute(source: string): Promise<{ number: number | null; status: string }>;
  tell(done: number, all: number): void;
}

/** Gives the number of the entry at which it stopped, null when all ended well. */
export async function runAll(ports: RunAllPorts): Promise<number | null> {
  for (let from = 0; ports.state().entriesFrom > 1 && ports.state().entriesFrom !== from;) {
    from = ports.state().entriesFrom;
    await ports.loadEarlier();
  }
  const sources = ports
    .state()
    .entries.filter(({ kind, source, deleted }) => kind === 'imported' && !deleted && source.trim())
    .map(({ source }) => source);
  for (const [done, source] of sources.entries()) {
    ports.tell(done + 1, sources.length);
    const { number, status } = await ports.execute(source);
    if (status !== 'ok') return number ?? ports.state().nextNumber - 1;
  }
  return null;
}
