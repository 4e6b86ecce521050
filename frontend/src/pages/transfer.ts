/** The page of a large import: shows how far it is, and loads itself again when that is done. */
import { follow, type Transfer } from '../exchange/transfers';

const line = document.querySelector<HTMLElement>('#transfer-text');
const bar = document.querySelector('progress');
const id = line?.dataset['transfer'];
if (line && bar && id) {
  const begun: Transfer = {
    id,
    kind: 'import',
    name: '',
    state: 'running',
    progress: bar.value,
    size: 0,
    message: '',
    notes: [],
    url: null,
  };
  const show = () => location.reload();
  // Whatever came of it, the server's page says it.
  follow(begun, (progress) => (bar.value = progress)).then(show, show);
}
