/**
 * The page of a share link, `/j/<token>`: asks to be let in and goes to the session. Loading the
 * page alone makes nobody a member, so what only fetches the address leaves no trace.
 */
import { words } from '../i18n/arrival';
import { arrive } from './arrive';

const token = location.pathname.split('/').at(-1) ?? '';
void arrive({ address: '/api/join', body: { token }, waiting: words.joining });
