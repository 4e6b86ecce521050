/**
 * The life of this tab's runtime: started, filled with the head's values, replaced when it dies.
 *
 * The runtime may start before the lease is held, for that takes longest; values are loaded only
 * by the runner. A snapshot that cannot be loaded never breaks the session: what failed is named,
 * the head stays until the next save.
 */
import { words as errors } from '../i18n/errors';
import { words as remaking } from '../i18n/remaking';
import { sentence } from '../i18n/sentences/translate';
import { words } from '../i18n/runtime';
import type { AnyOperation, Manifest, SessionState, Unsaved } from '../protocol.gen';
import {
  type CreateRuntime,
  type RestoreReport,
  type Runtime,
  RuntimeError,
  type RuntimeInfo,
} from '../runtime/interface';
import { asPlaygroundError, PlaygroundError } from './errors';
import type { Loading } from './loading';
import { findSnapshot } from './reducer';
import { fileChanges, fileRows, variableChanges, variableRows } from './rows';
import { isPassing } from './server';
import { hashesOf, type Content, type Snapshots } from './snapshots';
import type { Uploads } from './uploads';
import type { Notice } from './view';
import type { LiveView } from './view.svelte';

const NETWORK_RETRY_MS = 1_000;
const MAX_TRIES = 3;

const NOTHING: Manifest = {
  format: 1,
  runtime: { name: '', version: '', hash: '' },
  units: [],
  files: [],
  directories: [],
  unsaved: [],
  variables: [],
};

/** The runtime was taken away while it was being made ready, because it is not to run here. */
export class Dropped extends Error {}

export interface HostPorts {
  create: CreateRuntime;
  frameParent: HTMLElement;
  view: LiveView;
  state(): SessionState;
  append(operation: AnyOperation): void;
  loading: Loading;
  snapshots: Snapshots;
  uploads: Uploads;
  /** The head's values were loaded into a fresh runtime. */
  restored(): void;
  /** Shows how variables are made again that did not come back. */
  offer(): void;
  /** The runtime died by itself or was killed: it has to be replaced. */
  died(reason: string): void;
}

export class RuntimeHost {
  #runtime: Runtime | null = null;
  #info: RuntimeInfo | null = null;
  /** Stands for the latest start, whose progress is shown. */
  #boot = {};
  #loaded = false;
  #dropped = false;
  #preparing: Promise<Runtime> | null = null;
  /** What to tell when the values are back after a death. */
  #death: { reason: string; during: number | null } | null = null;
  readonly #unloadable = new Set<string>();

  constructor(private readonly ports: HostPorts) {}

  /** The runtime when code can run in it now. */
  get current(): Runtime | null {
    return this.#loaded ? this.#runtime : null;
  }

  /** What the runtime said of itself when it started; null while there is none. */
  get known(): RuntimeInfo | null {
    return this.#info;
  }

  get info(): RuntimeInfo {
    if (!this.#info) throw new PlaygroundError('busy', words.notYet);
    return this.#info;
  }

  /** What a manifest says of the runtime that its values came from. */
  get build() {
    const { name, version, hash } = this.info;
    return { name, version, hash };
  }

  /** Starts a runtime if there is none. */
  boot(): Runtime {
    if (this.#runtime) return this.#runtime;
    this.ports.snapshots.forgetBook();
    this.#phase('loading', words.starting);
    const boot = {};
    this.#boot = boot;
    const runtime = this.ports.create(this.ports.frameParent, (text) => {
      // The first words may come before there is a runtime to compare with.
      if (this.#boot === boot && this.ports.view.runtime.phase === 'loading')
        this.#phase('loading', text);
    });
    this.#runtime = runtime;
    this.#loaded = false;
    runtime.ready.catch(() => undefined);
    runtime.onDead((reason) => this.lostRuntime(runtime, reason, null));
    return runtime;
  }

  /** A started runtime that holds the head's values. Only for the runner. */
  ready(): Promise<Runtime> {
    if (this.#loaded && this.#runtime) return Promise.resolve(this.#runtime);
    this.#preparing ??= this.#prepare().finally(() => {
      this.#preparing = null;
    });
    return this.#preparing;
  }

  /** The runtime is gone, perhaps while entry `during` ran. */
  lostRuntime(runtime: Runtime, reason: string, during: number | null): void {
    if (runtime !== this.#runtime) {
      if (this.#death && during !== null) this.#death = { reason, during };
      return;
    }
    const started = this.#info !== null;
    this.#death = { reason, during };
    this.#discard();
    if (started) this.ports.died(reason);
  }

  /** Ends the runtime, because it is not to run here; the next `ready` starts another. */
  drop(): void {
    this.#dropped = true;
    this.#death = null;
    this.#discard();
  }

  /** Ends the runtime and starts a fresh one with the files of the latest save, but no values. */
  async startAfresh(): Promise<Unsaved[]> {
    const latest = this.ports.snapshots.latest;
    this.#discard();
    const runtime = this.boot();
    this.#info = await runtime.ready;
    this.#phase('restoring', words.loadingFiles);
    const failed = latest ? await this.restore({ ...latest.manifest, units: [] }) : [];
    this.#loaded = true;
    this.#phase('ready', '');
    return failed;
  }

  #discard(): void {
    const runtime = this.#runtime;
    this.#runtime = null;
    this.#info = null;
    this.#loaded = false;
    this.#phase('off', '');
    runtime?.dispose();
  }

  /** The runtime does not stand on the head any more: load it before the next run. */
  reload(): void {
    this.#loaded = false;
    this.ports.snapshots.latest = null;
  }

  /** Replaces what the runtime holds by a manifest's content, and shows the new tables. */
  async restore(manifest: Manifest): Promise<Unsaved[]> {
    const runtime = this.#runtime;
    if (!runtime) throw new RuntimeError('dead', words.notRunning);
    const loaded = await this.#fetch(runtime, manifest);
    const report = await runtime.restore(loaded.request);
    this.ports.snapshots.learn(loaded.book);
    const failed = [...loaded.failed, ...report.failed];
    await this.#showTables(runtime, report, [...failed, ...manifest.unsaved]);
    return failed;
  }

  /** The beginning: no variables and no files. */
  async empty(): Promise<void> {
    await this.restore(NOTHING);
  }

  async #prepare(): Promise<Runtime> {
    this.#dropped = false;
    for (let tries = 1; ; tries += 1) {
      const runtime = this.boot();
      let started = false;
      try {
        this.#info = await runtime.ready;
        started = true;
        await this.#loadHead(runtime);
        if (runtime !== this.#runtime) throw new RuntimeError('dead', words.gone);
      } catch (error) {
        const died = runtime !== this.#runtime || isDeath(error);
        if (runtime === this.#runtime) this.#discard();
        if (started && died && tries < MAX_TRIES && !this.#dropped) continue;
        if (this.#dropped) throw new Dropped(words.runsElsewhere);
        this.#phase('failed', words.notStarted(asPlaygroundError(error).message));
        throw asPlaygroundError(error, 'gone');
      }
      this.#loaded = true;
      this.#death = null;
      this.#phase('ready', '');
      return runtime;
    }
  }

  async #loadHead(runtime: Runtime): Promise<void> {
    this.#phase('restoring', words.loadingValues);
    const { state, snapshots } = this.ports;
    await snapshots.idle();
    const head = findSnapshot(state(), state().head);
    if (!head && !snapshots.latest) {
      await this.empty();
      return;
    }
    const key = snapshots.latest ? 'latest' : (head?.id ?? '');
    if (this.#unloadable.has(key)) {
      this.#unloadable.delete(key);
      this.#tellStartedEmpty(words.loadingKilled);
      return;
    }
    try {
      // Held against the snapshot until it is loaded: one that kills Python is not tried forever.
      this.#unloadable.add(key);
      const content = snapshots.latest ?? (await this.#headContent(runtime));
      const failed = await this.restore(content.manifest);
      this.#unloadable.delete(key);
      snapshots.latest = content;
      this.#tellRestored(content, failed);
      this.ports.restored();
    } catch (error) {
      if (runtime !== this.#runtime || isDeath(error)) throw error;
      this.#unloadable.delete(key);
      snapshots.latest = null;
      this.#tellStartedEmpty(asPlaygroundError(error).message);
    }
  }

  async #headContent(runtime: Runtime): Promise<Content> {
    const head = findSnapshot(this.ports.state(), this.ports.state().head);
    if (!head) throw new PlaygroundError('not-found', errors.nothingSaved);
    const manifest = await this.#retrying(runtime, () =>
      this.ports.loading.manifest(head.manifest),
    );
    if (!this.ports.snapshots.isPending(head.id))
      this.ports.uploads.know([...hashesOf(manifest), head.manifest.hash]);
    return { manifest, number: head.number };
  }

  #fetch(runtime: Runtime, manifest: Manifest) {
    return this.#retrying(runtime, () => this.ports.loading.request(manifest));
  }

  /** Values must not be given up for a network that is only down for now. */
  async #retrying<Value>(runtime: Runtime, fetchIt: () => Promise<Value>): Promise<Value> {
    for (;;) {
      if (runtime !== this.#runtime) throw new RuntimeError('dead', words.gone);
      try {
        return await fetchIt();
      } catch (error) {
        if (!isPassing(error)) throw error;
        this.#phase('restoring', words.waitingForNetwork);
        await new Promise((resolve) => setTimeout(resolve, NETWORK_RETRY_MS));
      }
    }
  }

  async #showTables(
    runtime: Runtime,
    { variables }: RestoreReport,
    lost: readonly Unsaved[],
  ): Promise<void> {
    const state = this.ports.state();
    const missing = lost.map((row) => ({ ...row, missing: true }));
    const rows = variableRows(variables, missing, state.variables, null);
    for (const operation of variableChanges(state.variables, rows)) this.ports.append(operation);
    const files = fileRows(await runtime.listFiles());
    for (const operation of fileChanges(state.files, files)) this.ports.append(operation);
  }

  #tellRestored(content: Content, failed: readonly Unsaved[]): void {
    const death = this.#death;
    const lost = [...failed, ...content.manifest.unsaved];
    if (!death) {
      this.tellLost(words.notBrought, lost);
      return;
    }
    const point = content.number ? words.asAfter(content.number) : words.asSaved;
    const names = content.manifest.units.flatMap((unit) => unit.names).slice(0, 20);
    const during = death.during === null ? [] : [words.lostDuring(death.during)];
    const back = names.length ? [words.back(names)] : [];
    const text = words.cameBack(death.reason, point);
    const details = [...back, ...during, ...uniqueLines(lost)];
    const action = this.#offer(lost);
    this.ports.view.tell({ level: 'warning', text, details, topic: 'restored', ...action });
  }

  /** A way to make the lost again, if variables are among them. */
  #offer(lost: readonly Unsaved[]): Pick<Notice, 'action'> {
    const names = new Set(lost.map(({ name }) => name));
    const rows = this.ports.state().variables;
    if (!rows.some(({ name, missing }) => missing && names.has(name))) return {};
    return { action: { label: remaking.offer, run: () => this.ports.offer() } };
  }

  /** Says what did not come back or could not be kept; what was said before is over. */
  tellLost(text: string, lost: readonly Unsaved[]): void {
    const { view } = this.ports;
    const details = uniqueLines(lost);
    if (details.length)
      view.tell({ level: 'warning', text, details, topic: 'restored', ...this.#offer(lost) });
    else view.forget('restored');
  }

  #tellStartedEmpty(reason: string): void {
    const details = [reason, words.startedEmptyHint];
    this.ports.view.tell({ level: 'error', text: words.startedEmpty, details });
  }

  #phase(phase: LiveView['runtime']['phase'], text: string): void {
    this.ports.view.runtime = { phase, text };
  }
}

function isDeath(error: unknown): boolean {
  return error instanceof RuntimeError && error.code === 'dead';
}

function uniqueLines(lost: readonly Unsaved[]): string[] {
  return [
    ...new Map(lost.map(({ name, reason }) => [name, `${name}: ${sentence(reason)}`])).values(),
  ];
}
