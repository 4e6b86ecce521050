/** The parts behind session commands put together: steps, deletions, the commands themselves. */
import type { AnyOperation, Entry, SessionState } from '../../protocol.gen';
import type { Changes } from '../changes';
import { Deletions } from '../deletions';
import type { Invalid } from '../reducer';
import type { Snapshots } from '../snapshots';
import { Remaking } from '../remaking';
import { Steps } from '../steps';
import type { Supervisor } from '../supervisor';
import type { LiveView } from '../view.svelte';
import { Commands } from './commands';

export interface WiringPorts {
  view: LiveView;
  state(): SessionState;
  entries(): Promise<readonly Entry[]>;
  append(operation: AnyOperation): number | Invalid;
  snapshots: Snapshots;
  supervisor: Supervisor;
  changes: Changes;
  online(): boolean;
  /** Resolves when the server has answered all that was sent. */
  drained(): Promise<unknown>;
}

/** How long a command waits for the server before it says that the network is slow, ms. */
const SAVING_MS = 10_000;

export function makeCommands(ports: WiringPorts) {
  const { view, state, entries, append, snapshots, supervisor, changes } = ports;
  const deletions: Deletions = new Deletions({
    state,
    entries,
    append,
    settled: () => snapshots.idle(),
    deleted: (gone) => steps.deleted(gone),
  });
  const steps: Steps = new Steps({
    state,
    settled: () => snapshots.idle(),
    goTo: (id) => changes.goTo(() => (id === null ? null : changes.snapshotOf(id))),
    giveBack: (gone) => deletions.giveBack(gone),
    remove: (gone) => deletions.remove(gone),
  });
  const remaking = new Remaking({ view, state, entries, append, supervisor });
  const label = (snapshot: string, name: string) =>
    void append({ type: 'label_snapshot', snapshot, label: name });
  const commands = new Commands({
    state,
    entries,
    supervisor,
    changes,
    steps,
    deletions,
    remaking,
    settled: () => snapshots.idle(),
    headSaved: () => headSaved(ports),
    label,
  });
  return { commands, deletions, steps, remaking };
}

/** Waits until the head is on the server; false when that takes long, as without a network. */
async function headSaved({ snapshots, online, drained }: WiringPorts): Promise<boolean> {
  await snapshots.idle();
  if (!online()) return false;
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, SAVING_MS, false));
  return Promise.race([drained().then(() => true), late]);
}
