/** The part of `window.playground` that makes, lists and ends share links. For owners only. */
import { words } from '../i18n/errors';
import { asPlaygroundError, PlaygroundError } from './errors';
import type { LiveSession } from './live';
import type { NewSession, ShareLink, WantedLink } from './server';

export interface SharingApi {
  share(wanted?: WantedLink): Promise<NewSession>;
  unshare(id: string): Promise<void>;
  links(): Promise<ShareLink[]>;
}

const KINDS: { [name in keyof Required<WantedLink>]: string } = {
  role: 'string',
  fork: 'boolean',
  expiresIn: 'number',
  name: 'string',
  preview: 'boolean',
};

export function makeSharing(live: LiveSession): SharingApi {
  const { server } = live;
  return {
    share: (wanted = {}) => owning(live, () => server.makeLink(checked(wanted))),
    unshare: (id) =>
      owning(live, () => {
        if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id))
          throw new PlaygroundError('not-found', words.noLink);
        return server.endLink(id);
      }),
    links: () => owning(live, () => server.links()),
  };
}

async function owning<Value>(live: LiveSession, work: () => Promise<Value>): Promise<Value> {
  try {
    if (live.ended) throw live.ended;
    if (live.view.role !== 'owner') throw new PlaygroundError('forbidden', words.onlyOwner);
    return await work();
  } catch (error) {
    throw asPlaygroundError(error);
  }
}

/** The wishes that are there, each of its kind; what they come to is the server's to say. */
function checked(wanted: WantedLink): WantedLink {
  const wishes = Object.entries(wanted).filter(([, value]) => value !== undefined);
  for (const [name, value] of wishes) {
    const kind = (KINDS as { [name: string]: string })[name];
    if (!kind) throw new PlaygroundError('invalid', `share() knows no "${name}".`);
    if (typeof value !== kind || Number.isNaN(value))
      throw new PlaygroundError('invalid', `"${name}" is a ${kind}.`);
  }
  return Object.fromEntries(wishes) as WantedLink;
}
