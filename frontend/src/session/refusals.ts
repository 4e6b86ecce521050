/** What becomes of own operations that the server refused: told, set aside, or offered again. */
import { words } from '../i18n/saving';
import type { Nack } from '../protocol.gen';
import type { PlaygroundError } from './errors';
import type { Outbox } from './outbox';
import type { Outgoing } from './sender';
import type { Snapshots } from './snapshots';
import type { LiveView } from './view.svelte';

export interface RefusalPorts {
  client: string;
  view: LiveView;
  outbox: Outbox;
  snapshots: Snapshots;
  /** Another tab has written under a higher fencing number. */
  fenced(): void;
  /** Something was set aside for the person to decide. */
  orphaned(): void;
}

export class Refusals {
  constructor(private readonly ports: RefusalPorts) {}

  take(item: Outgoing, nack: Nack, trouble: PlaygroundError | null): void {
    const { operation } = item;
    const again =
      operation.type === 'snapshot_saved' &&
      this.ports.snapshots.refused(operation, nack.code, nack.message, trouble);
    if (nack.code === 'fenced') this.ports.fenced();
    if (this.#isOrphan(item, nack) && !again) void this.#setAside(item, nack.code, nack.message);
    else void this.ports.outbox.remove(this.ports.client, item.n, item.needs.length > 0);
    if (!again) this.#tell(operation.type, trouble?.message ?? nack.message, nack.code);
  }

  /** The server has lost this page's earlier operations: these cannot be sent under its id. */
  broken(items: readonly Outgoing[]): void {
    const text = words.lostTrack;
    const action = { label: words.loadAgain, run: () => location.reload() };
    this.ports.view.tell({ level: 'error', text, action });
    for (const item of items) void this.#setAside(item, 'expect', text);
  }

  /** Work that a person would miss; tables and values that are full have words of their own. */
  #isOrphan({ operation }: Outgoing, { code }: Nack): boolean {
    if (code === 'fenced' || code === 'forbidden') return true;
    if (code !== 'invalid') return false;
    return ['start_execution', 'append_output', 'finish_execution'].includes(operation.type);
  }

  async #setAside(item: Outgoing, code: string, message: string): Promise<void> {
    const { client, outbox } = this.ports;
    await outbox.orphan({ ...item, client, needs: [...item.needs] }, code, message);
    this.ports.orphaned();
  }

  #tell(type: string, message: string, code: Nack['code']): void {
    if (code === 'fenced' || code === 'invalid') return;
    if (type === 'return_snapshot') {
      this.ports.view.tell({ level: 'warning', text: words.stateNotBack });
      return;
    }
    const what = type === 'snapshot_saved' ? words.latestNotSaved : words.notSaved;
    this.ports.view.tell({ level: 'error', text: `${what} ${message}` });
  }
}
