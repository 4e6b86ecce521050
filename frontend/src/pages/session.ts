/**
 * The session page's entry: reads what the server embedded, opens the session, shows it.
 *
 * The history paints before Python exists. Without a secure, isolated page nothing is started:
 * hashing, locks and shared memory would be missing.
 */
import { mount } from 'svelte';

import { words } from '../i18n/session';
import { words as lists } from '../i18n/sessions';
import { createRuntime } from '../runtime/runtime';
import type { Distribution } from '../runtime/distribution';
import type { PageContext } from '../session/context';
import { openSession, type PageData, type PlaygroundApi, readPageData } from '../session/open';
import { Server } from '../session/server';
import SessionPage from '../session/SessionPage.svelte';
import { LocalNotices } from '../ui/notices.svelte';
import { letPythonGoFirst } from './patience';

declare global {
  var playground: PlaygroundApi | undefined;
}

function refusal(): string | null {
  if (!window.isSecureContext) return words.insecure;
  return window.crossOriginIsolated ? null : words.notIsolated;
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

/** What Python is started from, as the server embedded it for the early script too. */
function readDistribution(): Distribution {
  const text = document.querySelector('#start-data')?.textContent ?? '';
  return (JSON.parse(text) as { distribution: Distribution }).distribution;
}

function open(target: HTMLElement): void {
  const data = readPageData() as PageData & {
    guest?: boolean;
    agesAt?: string | null;
    classroom?: PageContext['classroom'];
  };
  const frames = document.createElement('div');
  document.body.append(frames);
  const { view, api, actions, files } = openSession(
    data,
    createRuntime(readDistribution()),
    frames,
  );
  globalThis.playground = api;
  const notices = new LocalNotices();
  if (data.agesAt) notices.add({ level: 'info', text: lists.ages(new Date(data.agesAt)) });
  const page = {
    view,
    api,
    actions,
    notices,
    user: { id: String(data.user), name: data.name, guest: data.guest === true },
    files,
    fileBytes: data.limits.fileBytes,
    totalBytes: data.limits.totalBytes,
    classroom: data.classroom,
  };
  // Until now it said that the session is being opened.
  target.replaceChildren();
  mount(SessionPage, { target, props: { page } });
  // Without a network there is nothing to renew; the next visit will.
  new Server(data.state.id).visit().catch(() => undefined);
}

const target = document.querySelector<HTMLElement>('#app');
if (target) {
  const reason = refusal();
  if (reason) explain(target, reason);
  else void letPythonGoFirst().then(() => open(target));
}
