import { fireEvent, render, screen } from '@testing-library/svelte';
import { type Component, tick } from 'svelte';
import { beforeEach, describe, expect, it } from 'vitest';

import type { PageContext } from '../session/context';
import type { RuntimePhase } from '../session/view';
import { LocalNotices } from '../ui/notices.svelte';
import CodeBox from './CodeBox.svelte';
import InPage from '../testing/InPage.svelte';

/** A page whose runtime answers as told; `sent` is what was given to it. */
function open(answer: (source: string) => Promise<boolean>, phase: RuntimePhase = 'ready') {
  const sent: string[] = [];
  const wishes: unknown[] = [];
  const submit = (source: string, wish: unknown) => {
    sent.push(source);
    wishes.push(wish);
    return answer(source);
  };
  const view = {
    state: { id: 'abc', entries: [{ source: 'earlier' }] },
    role: 'owner',
    runtime: { phase, text: '' },
    running: null,
    queue: [],
  };
  const user = { id: '7', name: 'Ada', guest: false };
  const page = { view, user, actions: { submit }, api: {}, notices: new LocalNotices() };
  // The editor needs a browser that lays out text; here its script is still on the way.
  const load = () => new Promise<never>(() => undefined);
  render(InPage, {
    page: page as unknown as PageContext,
    component: CodeBox as Component<Record<string, unknown>>,
    rest: { load },
  });
  const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Code' });
  const type = async (text: string) => {
    await fireEvent.input(box, { target: { value: text } });
    box.setSelectionRange(text.length, text.length);
  };
  const press = (key: string, more = {}) => fireEvent.keyDown(box, { key, ...more });
  return { box, sent, wishes, type, press };
}

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await tick();
};
/** An answer that comes when the test says so. */
function later() {
  let resolve: (taken: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((done) => (resolve = done));
  return { promise, resolve };
}

const whole = () => Promise.resolve(true);
const unfinished = () => Promise.resolve(false);

beforeEach(() => sessionStorage.clear());

describe('the input box', () => {
  it('is where typing goes when the page opens', async () => {
    const { box } = open(whole);
    await settle();
    expect(document.activeElement).toBe(box);
  });

  it('is empty when Enter was pressed once more while the answer came', async () => {
    const answer = later();
    const { box, sent, type, press } = open(() => answer.promise);
    await type('6 * 7');
    await press('Enter');
    await press('Enter');
    answer.resolve(true);
    await settle();
    expect([sent, box.value]).toEqual([['6 * 7'], '']);
    await press('Enter');
    expect([sent, box.value]).toEqual([['6 * 7'], '']);
  });

  it('runs a whole line with Enter and is empty then', async () => {
    const { box, sent, type, press } = open(whole);
    await type('6 * 7');
    await press('Enter');
    await settle();
    expect(sent).toEqual(['6 * 7']);
    expect(box.value).toBe('');
  });

  it('goes on with what is not whole', async () => {
    const { box, sent, type, press } = open(unfinished);
    await type('x = 1 if y');
    await press('Enter');
    await settle();
    expect(sent).toEqual(['x = 1 if y']);
    expect(box.value).toBe('x = 1 if y\n');
  });

  it('does not ask about a line that opens a block, and indents', async () => {
    const { box, sent, type, press } = open(whole);
    await type('for i in x:');
    await press('Enter');
    expect(sent).toEqual([]);
    expect(box.value).toBe('for i in x:\n    ');
  });

  it('keeps what is typed while the answer comes', async () => {
    const answer = later();
    const { box, type, press } = open(() => answer.promise);
    await type('first');
    await press('Enter');
    await type('first\nsecond');
    answer.resolve(true);
    await settle();
    expect(box.value).toBe('second');
  });

  it('runs always with Shift+Enter', async () => {
    const { box, sent, wishes, type, press } = open(whole);
    await type('f(');
    await press('Enter', { shiftKey: true });
    await settle();
    expect(sent).toEqual(['f(']);
    expect(wishes).toEqual([{ whole: true }]);
    expect(box.value).toBe('');
  });

  it('takes code at once while Python starts, and gives unfinished code back', async () => {
    const answer = later();
    const { box, type, press } = open(() => answer.promise, 'loading');
    await type('class');
    await press('Enter');
    await settle();
    expect(box.value).toBe('');
    answer.resolve(false);
    await settle();
    expect(box.value).toBe('class');
  });

  it('walks through the history with the arrows', async () => {
    const { box, type, press } = open(whole);
    await type('draft');
    await press('ArrowUp');
    await settle();
    expect(box.value).toBe('earlier');
    await press('ArrowDown');
    await settle();
    expect(box.value).toBe('draft');
  });

  it('comes back with its text after a reload', async () => {
    const first = open(whole);
    await first.type('not yet run');
    await fireEvent(window, new Event('pagehide'));
    expect(sessionStorage.getItem('playground:draft:7:abc')).toBe('not yet run');
  });
});
