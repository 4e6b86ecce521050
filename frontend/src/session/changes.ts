/**
 * Changes of values and files that are no executions: writing files, going back, clearing,
 * starting afresh. Each waits for its turn in the lane and is saved like a run.
 */
import { words } from '../i18n/errors';
import { words as runtime } from '../i18n/runtime';
import type { AnyOperation, BlobRef, Manifest, SessionState, SnapshotInfo } from '../protocol.gen';
import type { CaptureLimits } from '../runtime/interface';
import { size } from '../ui/format';
import { forbidden, PlaygroundError } from './errors';
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
      const text = words.fileTooLarge(size(limits.fileBytes));
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
    if (!view.forks) return loading.file(path);
    const state = this.ports.state();
    const head = findSnapshot(state, state.head);
    const manifest = head && (await loading.manifest(head.manifest));
    const file = manifest?.files.find((candidate) => candidate.path === path);
    if (!file) throw new PlaygroundError('not-found', words.noFile(path));
    return loading.bytes(file.blob);
  }

  /** Goes to the state right after entry `number`. */
  restore(number: number): Promise<void> {
    return this.ports.supervisor.queue(() => this.goTo(() => this.snapshotAfter(number)));
  }

  restoreSnapshot(id: string): Promise<void> {
    return this.ports.supervisor.queue(() => this.goTo(() => this.snapshotOf(id)));
  }

  snapshotAfter(number: number): SnapshotInfo {
    const fits = (info: SnapshotInfo) => info.cause === 'execution' && info.number === number;
    const found = this.ports.state().snapshots.findLast(fits);
    if (!found) throw new PlaygroundError('not-found', words.notKept(number));
    return found;
  }

  snapshotOf(id: string): SnapshotInfo {
    const found = findSnapshot(this.ports.state(), id);
    if (!found) throw new PlaygroundError('not-found', words.stateGone);
    return found;
  }

  /** What a snapshot holds; only for who may read the values. */
  async lookAt(id: string): Promise<Manifest> {
    const { loading, view } = this.ports;
    if (!view.forks) throw forbidden();
    return loading.manifest(this.snapshotOf(id).manifest);
  }

  /** The bytes of a file of a saved state; only for who may read the values. */
  async content(blob: BlobRef): Promise<ArrayBuffer> {
    const { loading, view } = this.ports;
    if (!view.forks) throw forbidden();
    return loading.bytes(blob);
  }

  clear(names: string[] | null): Promise<void> {
    return this.ports.supervisor.queue(async (runtime) => {
      await runtime.clear(names);
      await this.ports.supervisor.save('clear');
    });
  }

  /** Gives a variable another name; rejects with why when it cannot have that. */
  rename(name: string, to: string): Promise<void> {
    return this.ports.supervisor.queue(async (runtime) => {
      await runtime.ask('rename', { name, to });
      await this.ports.supervisor.save('edit');
    });
  }

  reset(): Promise<void> {
    return this.ports.supervisor.queue(async () => {
      await this.startAfresh();
      await this.ports.supervisor.save('reset');
    });
  }

  /** A new runtime with the files alone. To be called in its turn of the lane; does not save. */
  async startAfresh(): Promise<void> {
    await this.ports.snapshots.idle();
    const failed = await this.ports.host.startAfresh();
    this.ports.host.tellLost(runtime.notKept, failed);
  }

  /** Goes to a snapshot, or with null to the beginning. To be called in its turn of the lane. */
  async goTo(choose: () => SnapshotInfo | null): Promise<void> {
    const { snapshots, loading, host } = this.ports;
    // Snapshots still being made come first: the mark stands after them.
    await snapshots.idle();
    const target = choose();
    if (!target) {
      await host.empty();
      host.tellLost(runtime.notBrought, []);
      this.ports.append({ type: 'restore_snapshot', snapshot: null });
      snapshots.latest = null;
      return;
    }
    const manifest = await loading.manifest(target.manifest);
    const failed = await host.restore(manifest);
    this.ports.append({ type: 'restore_snapshot', snapshot: target.id });
    snapshots.latest = { manifest, number: target.number };
    host.tellLost(runtime.notBrought, [...failed, ...manifest.unsaved]);
  }
}
