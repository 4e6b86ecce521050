/** The newcomer's page: makes a guest with a session by one POST and goes there. */
import { words } from '../i18n/arrival';
import { arrive } from './arrive';

void arrive({ address: '/api/start', waiting: words.starting });
