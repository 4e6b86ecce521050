/**
 * Changes of values and files that are no executions: writing files, going back, clearing,
 * starting afresh. Each waits for its turn in the lane and is saved like a run.
 */
import type { AnyOperation, SessionState, SnapshotInfo } from '../protocol.gen';
import type { CaptureLimits } from '../runtime/interface';
import { PlaygroundError } from './errors';
import type { RuntimeHost } from './host';
import type { Loading } from './loading';
import { findSnapshot } from './reducer';
import type { Snapshots } from './snapshots';
import type { Supervisor } from './supervisor';
import type { LiveView } from './view.svelte';

export interface ChangePorts {
  view: LiveView;
  state(): SessionState;
  append(operation: AnyOperation): void;
  host: RuntimeHost;
  supervisor: Supervisor;
  snapshots: Snapshots;
  loading: Loading;
  limits: CaptureLimits;
}

export class Changes {
  constructor(private readonly ports: ChangePorts) {}

  writeFile(path: string, bytes: ArrayBuffer): Promise<void> {
    const { supervisor, limits } = this.ports;
    if (bytes.byteLength > limits.fileBytes) {
      const most = Math.floor(limits.fileBytes / 1024 / 1024);
      const text = `The file is too large: at most ${most} MB are saved.`;
      return Promise.reject(new PlaygroundError('too-large', text));
    }
    return supervisor.queue(async (runtime) => {
      await runtime.writeFile(path, bytes);
      await supervisor.save('files');
    });
  }

  removeFile(path: string): Promise<void> {
    return this.ports.supervisor.queue(async (runtime) => {
      await runtime.removeFile(path);
      await this.ports.supervisor.save('files');
    });
  }

  /** The file as the runtime has it when it is here and idle, else as it was saved last. */
  async readFile(path: string): Promise<ArrayBuffer> {
    const { host, supervisor, loading, view } = this.ports;
    if (view.isRunner && host.current && !supervisor.lane.busy)
      return supervisor.queue((runtime) => runtime.readFile(path));
    const state = this.ports.state();
    const head = findSnapshot(state, state.head);
    const manifest = head && (await loading.manifest(head.manifest));
    const file = manifest?.files.find((candidate) => candidate.path === path);
    if (!file) throw new PlaygroundError('not-found', `There is no file ${path}.`);
    return loading.bytes(file.blob);
  }

  /** Goes to the state right after entry `number`. */
  restore(number: number): Promise<void> {
    return this.#goTo(() => {
      const fits = (info: SnapshotInfo) => info.cause === 'execution' && info.number === number;
      const found = this.ports.state().snapshots.findLast(fits);
      if (!found) throw new PlaygroundError('not-found', `The state after #${number} is not kept.`);
      return found;
    });
  }

  restoreSnapshot(id: string): Promise<void> {
    return this.#goTo(() => {
      const found = findSnapshot(this.ports.state(), id);
      if (!found) throw new PlaygroundError('not-found', 'That state is not kept any more.');
      return found;
    });
  }

  clear(names: string[] | null): Promise<void> {
    return this.ports.supervisor.queue(async (runtime) => {
      await runtime.clear(names);
      await this.ports.supervisor.save('clear');
    });
  }

  reset(): Promise<void> {
    return this.ports.supervisor.queue(async () => {
      await this.ports.snapshots.idle();
      const failed = await this.ports.host.startAfresh();
      const details = failed.map(({ name, reason }) => `${name}: ${reason}`);
      if (details.length)
        this.ports.view.tell({ level: 'warning', text: 'Some files could not be kept:', details });
      await this.ports.supervisor.save('reset');
    });
  }

  #goTo(choose: () => SnapshotInfo): Promise<void> {
    const { supervisor, snapshots, loading, host, view } = this.ports;
    return supervisor.queue(async () => {
      // Snapshots still being made come first: the mark stands after them.
      await snapshots.idle();
      const target = choose();
      const manifest = await loading.manifest(target.manifest);
      const failed = await host.restore(manifest);
      this.ports.append({ type: 'restore_snapshot', snapshot: target.id });
      snapshots.latest = { manifest, number: target.number };
      const lost = [...failed, ...manifest.unsaved];
      const details = lost.map(({ name, reason }) => `${name}: ${reason}`);
      const text = 'Some things could not be brought back:';
      if (details.length) view.tell({ level: 'warning', text, details });
    });
  }
}
