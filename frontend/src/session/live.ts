/**
 * A session page's parts put together: the store, the way to the server, the lease, the runtime.
 *
 * Each part knows only the ports it is given; what one part means for another is said here.
 */
import { words as runtime } from '../i18n/runtime';
import type { AnyOperation, Presence, SessionState, Welcome } from '../protocol.gen';
import type { CreateRuntime } from '../runtime/interface';
import { announce, announceChange, announcePresence } from './announce';
import { BlobBox } from './blobs';
import { Changes } from './changes';
import type { Commands } from './commands/commands';
import { makeCommands } from './commands/wiring';
import type { Deletions } from './deletions';
import { allEntries } from './entries';
import { endedNotice, UNKEPT } from './ended';
import { forbidden, PlaygroundError } from './errors';
import { EventHub } from './events';
import { Handover } from './handover';
import { RuntimeHost } from './host';
import { Lease } from './lease';
import { Link } from './link';
import { Loading } from './loading';
import { Orphans } from './orphans';
import { Outbox } from './outbox';
import { type PageData, socketAddress, type Surroundings } from './page';
import { Invalid } from './reducer';
import { Refusals } from './refusals';
import type { Remaking } from './remaking';
import { Runner } from './runner';
import { Credit } from './sender';
import type { PackedBlob, Server } from './server';
import { Snapshots } from './snapshots';
import { Status } from './status';
import type { Steps } from './steps';
import { Store } from './store.svelte';
import { Supervisor } from './supervisor';
import { identify, newId } from './tab';
import { Uploads } from './uploads';
import type { EndedReason } from './view';
import { LiveView } from './view.svelte';
import { Writer } from './writer';

export class LiveSession {
  readonly view = new LiveView();
  readonly events = new EventHub();
  readonly server: Server;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly supervisor: Supervisor;
  readonly changes: Changes;
  readonly commands: Commands;
  readonly deletions: Deletions;
  readonly remaking: Remaking;
  readonly steps: Steps;
  readonly snapshots: Snapshots;
  readonly lease: Lease;
  readonly status: Status;
  readonly #client = newId();
  #tab = '';
  readonly #box = new BlobBox();
  readonly #uploads: Uploads;
  readonly #writer: Writer;
  readonly #link: Link;
  readonly #host: RuntimeHost;
  readonly #orphans: Orphans;
  readonly #refusals: Refusals;
  readonly #handover: Handover;
  readonly #runner: Runner;
  #ended: PlaygroundError | null = null;

  constructor(
    page: PageData,
    createRuntime: CreateRuntime,
    frameParent: HTMLElement,
    private readonly around: Surroundings,
  ) {
    const { view, events } = this;
    this.server = around.serverOf(page.state.id);
    this.store = new Store(page.state, this.#client, {
      applied: (operation, own) => this.#applied(operation, own),
      gap: () => void this.#link.resync(),
      replaced: (before) => this.#replaced(before),
    });
    view.show(this.store);
    view.name = page.name;
    view.role = page.role;
    view.forks = page.forks ?? page.role !== 'viewer';
    view.owner = page.owner ?? '';
    const session = page.state.id;
    this.outbox = new Outbox(String(page.user), session, () => {
      view.tell(UNKEPT);
      this.status.refresh();
    });
    const own = () => this.#writer.sender;
    const lease = () => this.lease;
    const confirmed = () => this.store.confirmed;
    this.status = new Status({
      view,
      events,
      outbox: this.outbox,
      confirmed,
      lane: () => this.supervisor.lane,
      snapshots: () => this.snapshots,
      own,
      ended: () => this.#ended,
    });
    this.#runner = new Runner({
      view,
      tab: () => this.#tab,
      client: this.#client,
      confirmed,
      lease,
      supervisor: () => this.supervisor,
      host: () => this.#host,
      snapshots: () => this.snapshots,
      unable: () => this.#ended ?? (this.mayRun ? null : forbidden()),
      changed: () => this.status.refresh(),
    });
    const find = async (hash: string) => this.#box.get(hash) ?? (await this.outbox.blob(hash));
    this.#uploads = new Uploads({ server: this.server, find });
    const state = () => this.store.view;
    const append = (operation: AnyOperation, needs?: string[], blobs?: Map<string, PackedBlob>) =>
      this.#writer.append(operation, needs, blobs);
    const simply = (operation: AnyOperation) => void append(operation);
    const { variableBytes, fileBytes, totalBytes } = page.limits;
    const limits = { variableBytes, fileBytes, totalBytes };
    const { server } = this;
    const loading = new Loading({
      server,
      box: this.#box,
      stored: (hash) => this.outbox.blob(hash),
    });
    this.snapshots = new Snapshots({
      state,
      append: (operation, needs, blobs) => void append(operation, needs, blobs),
      box: this.#box,
      uploads: this.#uploads,
      handed: (highest) => loading.numbersAbove(highest),
      calm: () => this.supervisor.calm(),
      changed: () => this.status.refresh(),
    });
    this.#host = new RuntimeHost({
      create: createRuntime,
      frameParent,
      view,
      state,
      append: simply,
      loading,
      snapshots: this.snapshots,
      uploads: this.#uploads,
      restored: () => this.remaking.loaded(),
      offer: () => this.remaking.offer(null),
      died: () => void this.supervisor.warm().catch(() => undefined),
    });
    this.supervisor = new Supervisor({
      view,
      events,
      host: this.#host,
      snapshots: this.snapshots,
      box: this.#box,
      limits,
      state,
      append,
      prepared: (here, run) => this.remaking.settle(here, run),
      becomeRunner: () => this.#runner.become(),
      wanting: (wants) => this.#runner.wants(wants),
    });
    const { snapshots, supervisor } = this;
    this.changes = new Changes({
      view,
      state,
      append: simply,
      host: this.#host,
      supervisor,
      snapshots,
      loading,
      limits,
    });
    ({
      commands: this.commands,
      deletions: this.deletions,
      remaking: this.remaking,
      steps: this.steps,
    } = makeCommands({
      view,
      state,
      entries: () => allEntries(this),
      append,
      snapshots,
      supervisor,
      changes: this.changes,
      online: () => view.online,
      drained: () => own().drained(),
    }));
    this.lease = new Lease({
      tab: () => this.#tab,
      client: this.#client,
      name: () => view.name,
      mayRun: () => this.mayRun,
      owns: () => this.owns,
      state: confirmed,
      send: (message) => this.#link.send(message),
      granted: () => this.#runner.granted(),
      lost: () => this.#runner.lost(),
      wanted: ({ tab }) => void this.#handover.begin(tab),
    });
    this.#handover = new Handover({
      lane: () => this.supervisor.lane,
      lease,
      own,
      snapshots: this.snapshots,
      left: () => this.#runner.leave(),
    });
    this.#orphans = new Orphans({
      view,
      store: this.store,
      server: this.server,
      outbox: this.outbox,
      serverOf: (id) => around.serverOf(id),
      address: socketAddress,
      open: around.openSocket,
      find,
      go: (url) => around.go(url),
    });
    this.#refusals = new Refusals({
      client: this.#client,
      view,
      outbox: this.outbox,
      snapshots: this.snapshots,
      fenced: () => this.lease.lose(this.store.confirmed.runner),
      orphaned: () => void this.#orphans.offer(),
    });
    const credit = new Credit();
    this.#writer = new Writer({
      client: this.#client,
      store: this.store,
      outbox: this.outbox,
      uploads: this.#uploads,
      credit,
      push: (message) => this.#link.send(message),
      fence: () => this.lease.fence,
      accepted: ({ operation }) => {
        if (operation.type === 'snapshot_saved') this.snapshots.accepted(operation);
      },
      refused: (item, nack, trouble) => this.#refusals.take(item, nack, trouble),
      broken: (items) => {
        for (const item of items) this.store.refuse(this.#client, item.n);
        this.#refusals.broken(items);
      },
      changed: () => this.status.refresh(),
    });
    this.#link = new Link({
      session,
      address: socketAddress(session),
      client: this.#client,
      tab: () => this.#tab,
      store: this.store,
      server: this.server,
      outbox: this.outbox,
      uploads: this.#uploads,
      credit,
      own,
      lease,
      locks: around.locks,
      open: around.openSocket,
      welcomed: (welcome) => this.#welcomed(welcome),
      joined: () => this.#runner.joined(this.owns),
      online: (online) => this.#online(online),
      presence: (presence) => this.#presence(presence),
      complaint: ({ message }) => void view.tell({ level: 'warning', text: message }),
      orphaned: () => void this.#orphans.offer(),
      ended: (reason) => this.#end(reason),
    });
    this.status.refresh();
  }

  get ready(): Promise<void> {
    return this.#runner.ready;
  }

  get mayRun(): boolean {
    return this.view.role !== 'viewer';
  }

  /** In a session of somebody else nothing runs or is loaded before the person asks for it. */
  get owns(): boolean {
    return this.view.role === 'owner';
  }

  /** What this tab's runtime said of itself when it started; null while there is none. */
  get runtimeInfo() {
    return this.#host.known;
  }

  /** Why this page cannot go on with the session; null while it can. */
  get ended(): PlaygroundError | null {
    return this.#ended;
  }

  /** Whether work would be lost if the page closed now. */
  get wouldLose(): boolean {
    return !this.outbox.reliable && this.#writer.sender.unanswered.length > 0;
  }

  async start(): Promise<void> {
    this.#tab = await identify(this.#client, this.around.locks, this.around.storage);
    const { runner } = this.store.confirmed;
    // Starting Python takes longest, so it does not wait to learn that the lease is free.
    if (this.owns && (!runner || runner.tab === this.#tab)) this.#host.boot();
    this.#link.start();
    void this.#orphans.offer();
  }

  stop(): void {
    this.status.stop();
    this.#link.stop();
    this.#host.drop();
  }

  retryNow(): void {
    this.#link.retryNow();
  }

  /** Asks for the lease without running anything. */
  takeOver(): Promise<void> {
    return this.lease.held ? Promise.resolve() : this.supervisor.queue(() => Promise.resolve());
  }

  /** Makes an own operation; throws when it does not fit the state. */
  append(operation: AnyOperation): void {
    const result = this.#writer.append(operation);
    if (result instanceof Invalid) throw new PlaygroundError('invalid', result.reason);
  }

  /** Whether another tab runs this session, as far as is known. */
  get follows(): boolean {
    const { runner } = this.store.confirmed;
    return runner !== null && runner.tab !== this.#tab && !this.lease.held;
  }

  #welcomed(welcome: Welcome): void {
    this.view.name = welcome.name;
    this.view.role = welcome.role;
    this.view.forks = welcome.forks;
  }

  #online(online: boolean): void {
    this.view.online = online;
    if (!online) this.#handover.cancel();
    this.status.refresh();
  }

  #presence({ people }: Presence): void {
    this.view.people = people;
    announcePresence(this.events, people);
  }

  #end(told: EndedReason): void {
    // Who loses a session of somebody else is not told whether it is still there.
    const reason = told === 'gone' && !this.owns ? 'forbidden' : told;
    const notice = endedNotice(reason, this.owns);
    this.#ended = new PlaygroundError('gone', notice.text);
    this.view.ended = reason;
    // Who may not see the session any more reads that in its place; values are not kept here either.
    if (reason === 'forbidden' || reason === 'signed-out') this.#host.drop();
    if (reason !== 'forbidden') this.view.tell(notice);
    void this.#orphans.rescue(reason);
    this.#runner.end(this.#ended);
    this.status.refresh();
  }

  #applied(operation: AnyOperation, own: boolean): void {
    announce(this.events, operation, this.store.view);
    this.steps.applied(operation, own);
    const { type } = operation;
    if (type === 'set_runner') this.lease.runnerChanged();
    if (type !== 'snapshot_saved' && type !== 'restore_snapshot') return;
    if (!own && this.#host.current) this.#headMoved();
    this.status.refresh();
  }

  /** Another tab's late work moved the head under the runtime's feet. */
  #headMoved(): void {
    this.#host.reload();
    this.view.tell({ level: 'warning', text: runtime.otherTabsWork });
    if (this.lease.held) void this.supervisor.warm().catch(() => undefined);
  }

  #replaced(before: SessionState): void {
    const after = this.store.view;
    announceChange(this.events, before, after);
    this.steps.replaced();
    if (before.head !== after.head && this.#host.current) this.#headMoved();
    this.lease.runnerChanged();
    this.status.refresh();
  }
}
