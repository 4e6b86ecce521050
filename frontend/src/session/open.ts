/**
 * Opens the session of a page: what the page's entry point calls. It gives what the components
 * read, the public interface, and the few actions that belong to the page alone.
 */
import type { CreateRuntime } from '../runtime/interface';
import { loadEarlier, makeApi, type PlaygroundApi } from './api';
import { asPlaygroundError } from './errors';
import { LiveSession } from './live';
import type { PageData } from './page';
import { Server } from './server';
import type { SessionView, ViewActions } from './view';

export type { PageData } from './page';
export type { PlaygroundApi } from './api';

export interface OpenedSession {
  view: SessionView;
  api: PlaygroundApi;
  actions: ViewActions;
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
  return { view: live.view, api, actions: makeActions(live, api) };
}

function makeActions(live: LiveSession, api: PlaygroundApi): ViewActions {
  return {
    submit: (source) => submit(live, source),
    dismiss: (notice) => live.view.dismiss(notice),
    takeOver: () => live.takeOver(),
    loadEarlier: async () => void (await loadEarlier(live)),
    restoreSnapshot: async (id) => {
      await api.ready;
      await live.changes.restoreSnapshot(id);
    },
  };
}

/** Resolves as soon as the source is known to be whole; its run is shown by the view. */
function submit(live: LiveSession, source: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    if (live.ended) {
      reject(live.ended);
      return;
    }
    live.supervisor
      .execute(source, undefined, () => resolve(true))
      .then(
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
