/**
 * Opens the session of a page: what the page's entry point calls. It gives what the components
 * read, the public interface, and the few actions that belong to the page alone.
 */
import type { AnyOperation, Entry } from '../protocol.gen';
import type { CreateRuntime } from '../runtime/interface';
import { changing, loadEarlier, makeApi, type PlaygroundApi } from './api';
import type { Offer, Question } from './commands/kinds';
import { type Parsed, parseCommand } from './commands/table';
import { asPlaygroundError, forbidden, PlaygroundError } from './errors';
import { allEntries } from './entries';
import { type FileActions, FileWork } from './fileWork';
import { LiveSession } from './live';
import type { PageData } from './page';
import { Server } from './server';
import { anyway, PLAIN_CODE } from './plan';
import type { RemakeEntry } from './remakePlan';
import { titleProblem } from './titles';
import type { RunWish, SessionView, ViewActions } from './view';

export type { PageData } from './page';
export type { PlaygroundApi } from './api';

export interface OpenedSession {
  view: SessionView;
  api: PlaygroundApi;
  actions: ViewActions;
  files: FileActions;
}

/** Reads the `#page-data` script that the server embedded. */
export function readPageData(from: Document = document): PageData {
  return JSON.parse(from.querySelector('#page-data')?.textContent ?? '') as PageData;
}

export function openSession(
  page: PageData,
  createRuntime: CreateRuntime,
  frameParent: HTMLElement,
): OpenedSession {
  const live = new LiveSession(page, createRuntime, frameParent, {
    locks: navigator.locks,
    storage: sessionStorage,
    serverOf: (session) => new Server(session),
    go: (url) => location.assign(url),
  });
  watchPage(live);
  void live.start();
  const api = makeApi(live);
  return { view: live.view, api, actions: makeActions(live, api), files: makeFiles(live, page) };
}

function makeActions(live: LiveSession, api: PlaygroundApi): ViewActions {
  return {
    submit: (source, wish) => submit(live, source, wish),
    runCommand: async (source) => void (await submit(live, source)),
    ...entryActions(live),
    ...remakeActions(live),
    dismiss: (notice) => live.view.dismiss(notice),
    takeOver: () => live.takeOver(),
    ask: (question, args) => live.supervisor.ask(question, args),
    loadEarlier: async () => void (await loadEarlier(live)),
    rename: async (name, to) => {
      await api.ready;
      await live.changes.rename(name, to);
    },
    setTitle: (title) => setTitle(live, title),
    renameLink: (link, name) => live.server.renameLink(link, name),
    lookAt: (id) => live.changes.lookAt(id),
    content: (blob) => live.changes.content(blob),
    allEntries: () => allEntries(live),
    restoreSnapshot: async (id) => {
      await api.ready;
      await live.changes.restoreSnapshot(id);
    },
  };
}

async function setTitle(live: LiveSession, wanted: string): Promise<void> {
  const title = wanted.trim();
  if (title === live.view.state.title) return;
  const problem = titleProblem(title);
  if (problem) throw new PlaygroundError('invalid', problem);
  if (live.ended ?? !live.mayRun) throw live.ended ?? forbidden();
  live.append({ type: 'set_title', title, automatic: false });
}

function makeFiles(live: LiveSession, { limits }: PageData): FileActions {
  const work = new FileWork(live.supervisor, limits.fileBytes);
  return {
    read: (path) => (live.view.isRunner ? work.read(path) : live.changes.readFile(path)),
    save: (path, bytes, expects) => changing(live, () => work.save(path, bytes, expects)),
    rename: (from, to) => changing(live, () => work.rename(from, to)),
    writeAll: (files, done) => changing(live, () => work.writeAll(files, done)),
    removeAll: (paths) => changing(live, () => work.removeAll(paths)),
    saved: () => live.status.saved(),
  };
}

/** Changes of entries and snapshots that make no entry of their own. */
function entryActions(live: LiveSession) {
  const allowed = () => {
    if (live.ended) throw live.ended;
    if (!live.mayRun) throw forbidden();
  };
  const append = (operation: AnyOperation) => {
    allowed();
    live.append(operation);
  };
  const walk = async (step: 'undo' | 'redo') => {
    allowed();
    return live.supervisor.queue(() => live.steps[step]());
  };
  return {
    deleteEntries: async (numbers: readonly number[]) => {
      allowed();
      await live.deletions.delete(numbers);
    },
    giveBack: async (entries: readonly Entry[]) => {
      allowed();
      live.deletions.giveBack(entries);
      live.steps.gaveBack(entries);
    },
    pin: (number: number, pinned: boolean) => append({ type: 'pin_entry', number, pinned }),
    label: (snapshot: string, label: string | null) =>
      append({ type: 'label_snapshot', snapshot, label }),
    undo: () => walk('undo'),
    redo: () => walk('redo'),
  };
}

/** Making variables again; what runs or is remembered needs the right to change the session. */
function remakeActions(live: LiveSession) {
  const { remaking } = live;
  const given = (names: readonly string[] | null) => (names?.length ? names : null);
  return {
    offerRemake: (names: readonly string[] | null) => remaking.offer(given(names)),
    closeRemake: () => {
      live.view.remaking = null;
    },
    planRemake: (names: readonly string[] | null) => changing(live, () => remaking.plan(names)),
    remake: (entries: readonly RemakeEntry[]) => changing(live, () => remaking.run(entries)),
    setRemake: (name: string, always: boolean) => {
      if (live.ended ?? !live.mayRun) throw live.ended ?? forbidden();
      remaking.setAlways(name, always);
    },
  };
}

/** Asks before a command that takes something away; what cannot be understood needs no question. */
async function agreed(live: LiveSession, { command, args }: Parsed): Promise<boolean> {
  let question: Question | Offer | undefined;
  try {
    question = command?.asks?.(args);
  } catch {
    return true;
  }
  if (!question) return true;
  if ('remake' in question) {
    live.remaking.offer(question.remake.length ? question.remake : null);
    return false;
  }
  const { title, text, action } = question;
  return new Promise((resolve) => {
    live.view.question?.answer(false);
    const answer = (yes: boolean) => {
      live.view.question = null;
      resolve(yes);
    };
    live.view.question = { title, text, action, answer };
  });
}

/**
 * Resolves as soon as the source is known to be whole; its run is shown by the view. A command that
 * the person thought better of counts as taken: it is still in the history of the input.
 */
async function submit(
  live: LiveSession,
  source: string,
  { origin = null, whole = false }: RunWish = {},
): Promise<boolean> {
  const parsed = parseCommand(source);
  if (parsed && !(await agreed(live, parsed))) return true;
  return new Promise((resolve, reject) => {
    if (live.ended) {
      reject(live.ended);
      return;
    }
    const taken = () => resolve(true);
    const about = { ...PLAIN_CODE, origin };
    const plan = whole ? () => Promise.resolve(anyway(source, about)) : null;
    const running = parsed
      ? live.commands.execute(source, parsed, undefined, taken, origin)
      : live.supervisor.execute(source, undefined, taken, about, plan);
    running.then(
      ({ status }) => resolve(status !== 'incomplete'),
      (error: unknown) => reject(asPlaygroundError(error)),
    );
  });
}

/** The network, sleep and closing, as far as the browser tells. */
function watchPage(live: LiveSession): void {
  window.addEventListener('online', () => {
    live.retryNow();
    live.status.refresh();
  });
  window.addEventListener('offline', () => live.status.refresh());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') live.retryNow();
  });
  window.addEventListener('beforeunload', (event) => {
    if (live.wouldLose) event.preventDefault();
  });
}
