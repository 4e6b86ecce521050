import { describe, expect, it } from 'vitest';

import { allocate, Control } from './control';
import { Hooks } from './hooks';
import type { Upward } from './messages';

class Interrupted extends Error {}

function make() {
  const control = new Control(allocate());
  const sent: Upward[] = [];
  let buffer: { 0: number } = { 0: 0 };
  /** Looks for a signal as Pyodide does: reads it, then writes 0. */
  const poll = (): number => {
    const polled = buffer;
    const signal = polled[0];
    polled[0] = 0;
    return signal;
  };
  const pyodide = {
    setInterruptBuffer: (given: { 0: number }) => (buffer = given),
    checkInterrupt: () => {
      if (poll() !== 0) throw new Interrupted();
    },
  };
  const hooks = new Hooks(control, pyodide, (message) => sent.push(message));
  return { control, hooks, sent, poll, polled: () => buffer };
}

describe('interrupts', () => {
  it('reach running code once', () => {
    const { control, hooks, poll } = make();
    hooks.begin('run');
    control.interrupt();
    expect([poll(), poll()]).toEqual([2, 0]);
  });

  it('are gone when a run has ended, and when the next one begins', () => {
    const { control, hooks, poll } = make();
    hooks.begin('run');
    control.interrupt();
    hooks.end();
    expect(poll()).toBe(0);
    control.interrupt();
    hooks.begin('next');
    expect(poll()).toBe(0);
  });

  it('reach code with a deadline too', () => {
    const { control, hooks, poll } = make();
    hooks.offered.deadline(60_000);
    expect(poll()).toBe(0);
    control.interrupt();
    expect([poll(), poll()]).toEqual([2, 0]);
  });

  it('come from deadlines too, unless these are ended in time', () => {
    const { control, hooks, poll } = make();
    hooks.offered.deadline(1);
    hooks.offered.deadline(0);
    pass(5);
    control.enforceDeadline();
    expect(poll()).toBe(0);
    hooks.offered.deadline(1);
    control.enforceDeadline();
    expect(poll()).toBe(0);
    pass(5);
    control.enforceDeadline();
    control.enforceDeadline();
    expect([poll(), poll()]).toEqual([2, 0]);
  });

  it('of a deadline that was ended too late hit nobody', () => {
    const { control, hooks, poll } = make();
    hooks.offered.deadline(1);
    pass(5);
    control.enforceDeadline();
    hooks.offered.deadline(0);
    expect(poll()).toBe(0);
  });

  it('are polled in one and the same memory, for speed', () => {
    const { control, hooks, polled } = make();
    hooks.offered.deadline(60_000);
    expect(polled()).toBe(control.signals);
  });
});

/** Lets so many ms go by. */
function pass(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('waiting', () => {
  it('sleeps as long as asked, and not at all when stopped', () => {
    const { control, hooks } = make();
    hooks.begin('run');
    const began = performance.now();
    hooks.offered.sleep(30);
    expect(performance.now() - began).toBeGreaterThanOrEqual(29);
    control.interrupt();
    expect(() => hooks.offered.sleep(60_000)).toThrow(Interrupted);
  });

  it('gives up a question when stopped, and refuses one when nothing runs', () => {
    const { control, hooks, sent } = make();
    expect(hooks.offered.input('?', false)).toBeNull();
    hooks.begin('run');
    control.interrupt();
    expect(() => hooks.offered.input('?', true)).toThrow(Interrupted);
    expect(sent).toEqual([{ type: 'input', id: 'run', prompt: '?', password: true }]);
  });

  it('waits with output while too much is unconfirmed, but not when stopped', () => {
    const { control, hooks, sent } = make();
    hooks.begin('run');
    hooks.offered.output('x'.repeat(1024 * 1024 - 512));
    expect(control.mustWait).toBe(false);
    control.interrupt();
    hooks.offered.output('x'.repeat(1024));
    expect(control.mustWait).toBe(true);
    control.confirmOutput();
    expect(control.mustWait).toBe(false);
    expect(sent.length).toBe(2);
    hooks.end();
    hooks.offered.output('late');
    expect(sent.length).toBe(2);
  });
});

it('carries answers of any text', () => {
  const { control } = make();
  for (const answer of ['', 'Ädä😀', 'x'.repeat(64 * 1024)]) {
    control.expectAnswer();
    expect(control.takeAnswer()).toBeNull();
    control.putAnswer(answer);
    expect(control.takeAnswer()).toBe(answer);
  }
});
