/**
 * The session page's entry: reads what the server embedded, opens the session, shows it.
 *
 * The history paints before Python exists. Without a secure, isolated page nothing is started:
 * hashing, locks and shared memory would be missing.
 */
import { mount } from 'svelte';

import { createRuntime } from '../runtime/runtime';
import type { Distribution } from '../runtime/distribution';
import { openSession, type PageData, type PlaygroundApi, readPageData } from '../session/open';
import { Server } from '../session/server';
import SessionPage from '../session/SessionPage.svelte';
import { LocalNotices } from '../ui/notices.svelte';

declare global {
  var playground: PlaygroundApi | undefined;
}

const INSECURE =
  'Playground needs a secure address: open it with https, or as localhost on this computer.';
const NOT_ISOLATED =
  'This browser does not let the page keep Python apart from the web. Please use a current Firefox, Chrome, Edge or Safari.';

function refusal(): string | null {
  if (!window.isSecureContext) return INSECURE;
  return window.crossOriginIsolated ? null : NOT_ISOLATED;
}

function explain(target: HTMLElement, text: string): void {
  const main = document.createElement('main');
  main.id = 'main';
  main.className = 'page';
  const line = document.createElement('p');
  line.setAttribute('role', 'alert');
  line.textContent = text;
  main.append(line);
  target.replaceChildren(main);
}

function open(target: HTMLElement): void {
  const data = readPageData() as PageData & { guest?: boolean };
  const frames = document.createElement('div');
  frames.hidden = true;
  document.body.append(frames);
  const { view, api, actions } = openSession(
    data,
    createRuntime(data.runtime as Distribution),
    frames,
  );
  globalThis.playground = api;
  const page = {
    view,
    api,
    actions,
    notices: new LocalNotices(),
    user: { name: data.name, guest: data.guest === true },
    fileBytes: data.limits.fileBytes,
  };
  mount(SessionPage, { target, props: { page } });
  // Without a network there is nothing to renew; the next visit will.
  new Server(data.state.id).visit().catch(() => undefined);
}

const target = document.querySelector<HTMLElement>('#app');
if (target) {
  const reason = refusal();
  if (reason) explain(target, reason);
  else open(target);
}
