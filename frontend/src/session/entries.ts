/** Entries that the page has not loaded: fetched page by page from the server. */
import type { Entry, SessionState } from '../protocol.gen';
import type { Server } from './server';

/** Earlier pages read at most. */
const MAX_PAGES = 1_000;

interface Source {
  view: { readonly state: SessionState };
  server: Pick<Server, 'earlierEntries'>;
}

/** All entries of the session, tombstones of deleted ones included. */
export async function allEntries({ view, server }: Source): Promise<readonly Entry[]> {
  let all: readonly Entry[] = view.state.entries;
  let from = view.state.entriesFrom;
  for (let page = 0; from > 1 && page < MAX_PAGES; page += 1) {
    const earlier = await server.earlierEntries(from);
    const first = earlier[0];
    if (!first || first.number >= from) break;
    all = [...earlier, ...all];
    from = first.number;
  }
  return all;
}
