/** What the components of the page read, filled by the session's parts. */
import { words } from '../i18n/saving';
import type { Person, Role, SessionState } from '../protocol.gen';
import type { Store } from './store.svelte';
import type {
  EndedReason,
  InputView,
  Notice,
  QuestionView,
  QueuedView,
  RemakingView,
  RunningView,
  RuntimeView,
  SavingView,
  SessionView,
} from './view';

const MAX_NOTICES = 8;

export type NewNotice = Omit<Notice, 'id'>;

export class LiveView implements SessionView {
  name = $state.raw('');
  role = $state.raw<Role>('viewer');
  forks = $state.raw(false);
  owner = $state.raw('');
  ended = $state.raw<EndedReason | null>(null);
  runtime = $state.raw<RuntimeView>({ phase: 'off', text: '' });
  saving = $state.raw<SavingView>({ kind: 'saved', text: words.saved });
  running = $state.raw<RunningView | null>(null);
  queue = $state.raw<readonly QueuedView[]>([]);
  input = $state.raw<InputView | null>(null);
  remaking = $state.raw<RemakingView | null>(null);
  question = $state.raw<QuestionView | null>(null);
  notices = $state.raw<readonly Notice[]>([]);
  people = $state.raw<readonly Person[]>([]);
  isRunner = $state.raw(false);
  /** Until the first word about the connection. */
  connecting = $state.raw(true);
  #online = $state.raw(false);
  #store = $state.raw<Store | null>(null);
  #nextNotice = 1;

  get state(): SessionState {
    if (!this.#store) throw new Error('The view is read before the session is there.');
    return this.#store.view;
  }

  get online(): boolean {
    return this.#online;
  }

  set online(online: boolean) {
    this.#online = online;
    this.connecting = false;
  }

  show(store: Store): void {
    this.#store = store;
  }

  /** Tells the person something; the same is not shown twice. Gives the notice's id. */
  tell(notice: NewNotice): number {
    const id = this.#nextNotice++;
    if (notice.topic) this.forget(notice.topic);
    const others = this.notices.filter((shown) => shown.text !== notice.text);
    this.notices = [...others, { ...notice, id }].slice(-MAX_NOTICES);
    return id;
  }

  /** What was told about this is true no longer. */
  forget(topic: NonNullable<Notice['topic']>): void {
    this.notices = this.notices.filter((shown) => shown.topic !== topic);
  }

  dismiss(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }
}
