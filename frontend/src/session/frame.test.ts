import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { NextFrame } from './frame';

const FRAME_MS = 16;

beforeEach(() =>
  vi.useFakeTimers({
    toFake: ['requestAnimationFrame', 'performance', 'setTimeout', 'clearTimeout'],
  }),
);
afterEach(() => vi.useRealTimers());

/** How often the work was done while it was asked for once a frame, for so many frames. */
function askedFor(frames: number): number {
  let done = 0;
  const next = new NextFrame(() => (done += 1));
  for (let frame = 0; frame < frames; frame += 1) {
    next.ask();
    vi.advanceTimersByTime(FRAME_MS);
  }
  return done;
}

describe('NextFrame', () => {
  it('does the work once in the next frame, however often it is asked for', () => {
    const work = vi.fn();
    const next = new NextFrame(work);
    next.ask();
    next.ask();
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(FRAME_MS);
    expect(work).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(500);
    expect(work).toHaveBeenCalledOnce();
  });

  it('shows a short burst frame by frame, and a long one in steps that an eye can follow', () => {
    expect(askedFor(10)).toBe(10);
    const inTwoSeconds = askedFor(2_000 / FRAME_MS);
    expect(inTwoSeconds).toBeGreaterThan(2_000 / 60);
    expect(inTwoSeconds).toBeLessThan(2_000 / 35);
  });

  it('leaves the frame of a key to the key while work comes in a stream', () => {
    let done = 0;
    const next = new NextFrame(() => (done += 1));
    const press = () => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }));
    press();
    next.ask();
    vi.advanceTimersByTime(FRAME_MS);
    expect(done).toBe(1);
    next.ask();
    vi.advanceTimersByTime(FRAME_MS / 2);
    press();
    vi.advanceTimersByTime(FRAME_MS / 2);
    expect(done).toBe(1);
    vi.advanceTimersByTime(FRAME_MS);
    expect(done).toBe(2);
  });

  it('does the work of a hidden tab, which has no frames', () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    const work = vi.fn();
    new NextFrame(work).ask();
    vi.advanceTimersByTime(100);
    expect(work).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});
