/** Who runs a session: asking, waiting, taking over, losing, coming back. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientMessage, Runner, SessionState } from '../protocol.gen';
import { Lease } from './lease';
import { emptyState } from './testing/server';

const other: Runner = { tab: 'T2', client: 'C2', member: 'Ada', fence: 1 };
const stranger: Runner = { ...other, member: 'Bob' };
const own: Runner = { tab: 'T1', client: 'C1', member: 'Ada', fence: 2 };

let state: SessionState;
let sent: ClientMessage[];
let happened: string[];

function lease(runner: Runner | null, owns = true): Lease {
  state = { ...emptyState(), runner };
  return new Lease({
    tab: () => 'T1',
    client: 'C1',
    name: () => 'Ada',
    mayRun: () => true,
    owns: () => owns,
    state: () => state,
    send: (message) => sent.push(message) > 0,
    granted: (fence) => happened.push(`granted ${fence}`),
    lost: (to) => happened.push(`lost to ${to?.tab ?? 'nobody'}`),
    wanted: ({ tab }) => happened.push(`wanted by ${tab}`),
  });
}

function runnerIs(of: Lease, runner: Runner | null, reserved: string | null = null): void {
  state = { ...state, runner, reserved };
  of.runnerChanged();
}

const asks = () => sent.filter(({ type }) => type === 'acquire_lease');

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  happened = [];
});

afterEach(() => vi.useRealTimers());

describe('lease', () => {
  it('takes a free lease when the page has joined, not before', () => {
    const mine = lease(null);
    expect(asks()).toEqual([]);
    mine.joined();
    expect(asks()).toEqual([{ type: 'acquire_lease', takeover: false }]);
    mine.onGranted(3);
    expect([mine.held, mine.fence, happened]).toEqual([true, 3, ['granted 3']]);
  });

  it('takes its own lease back after a reload', () => {
    lease({ ...own, client: 'before' }).joined();
    expect(asks()).toHaveLength(1);
  });

  it('follows another tab, and takes over by itself when that is gone', () => {
    const mine = lease(other);
    mine.joined();
    expect(asks()).toEqual([]);
    runnerIs(mine, null);
    expect(asks()).toEqual([{ type: 'acquire_lease', takeover: false }]);
  });

  it('takes over from another person only when asked to', () => {
    const mine = lease(stranger);
    mine.joined();
    runnerIs(mine, null);
    expect(asks()).toEqual([]);
    mine.want();
    expect(asks()).toHaveLength(1);
  });

  it('takes nothing by itself in a session of somebody else, before it ran there once', () => {
    const mine = lease(null, false);
    mine.joined();
    runnerIs(mine, other);
    runnerIs(mine, null);
    expect(asks()).toEqual([]);
    mine.want();
    expect(asks()).toHaveLength(1);
    mine.onGranted(4);
    mine.unwant();
    runnerIs(mine, { ...own, fence: 4 });
    mine.release('T2');
    runnerIs(mine, other);
    runnerIs(mine, null);
    expect(asks()).toHaveLength(2);
  });

  it('lets the tab go first for which the lease is reserved', () => {
    const mine = lease(other);
    mine.joined();
    runnerIs(mine, null, 'T3');
    expect(asks()).toEqual([]);
    runnerIs(mine, { ...other, tab: 'T3', client: 'C3' });
    vi.advanceTimersByTime(10_000);
    expect(asks()).toEqual([]);
    runnerIs(mine, null, 'T4');
    vi.advanceTimersByTime(4_000);
    expect(asks()).toHaveLength(1);
  });

  it('asks the runner to hand over, and takes the lease when it is reserved', () => {
    const mine = lease(other);
    mine.joined();
    mine.want();
    expect(asks()).toEqual([{ type: 'acquire_lease', takeover: true }]);
    mine.onRefused({ type: 'lease_refused', runner: other, message: '' });
    runnerIs(mine, null, 'T1');
    expect(asks()).toHaveLength(2);
    mine.onGranted(2);
    expect(mine.held).toBe(true);
  });

  it('asks again when a handover takes long, but not all the time', () => {
    const mine = lease(other);
    mine.joined();
    mine.want();
    mine.onRefused({ type: 'lease_refused', runner: other, message: '' });
    vi.advanceTimersByTime(9_000);
    expect(asks()).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect(asks()).toHaveLength(2);
  });

  it('tells when the lease is wanted, and gives it up once', () => {
    const mine = lease(null);
    mine.joined();
    mine.onGranted(4);
    mine.onWanted({ type: 'lease_wanted', tab: 'T2', name: 'Ada' });
    expect(happened).toEqual(['granted 4', 'wanted by T2']);
    mine.release('T2');
    mine.release('T2');
    const released = sent.filter(({ type }) => type === 'release_lease');
    expect(released).toEqual([{ type: 'release_lease', fence: 4, reserved: 'T2' }]);
  });

  it('holds on while offline and asks again after coming back', () => {
    const mine = lease(null);
    mine.joined();
    mine.onGranted(1);
    state = { ...state, runner: { ...own, fence: 1 } };
    mine.down();
    expect(mine.held).toBe(true);
    runnerIs(mine, null);
    expect(asks()).toHaveLength(1);
    mine.joined();
    expect(asks()).toHaveLength(2);
    mine.onGranted(1);
    expect(happened).toEqual(['granted 1', 'granted 1']);
  });

  it('learns after coming back that another has the lease', () => {
    const mine = lease(null);
    mine.joined();
    mine.onGranted(1);
    mine.down();
    state = { ...state, runner: other };
    mine.joined();
    mine.onRefused({ type: 'lease_refused', runner: other, message: '' });
    expect([mine.held, happened.at(-1)]).toEqual([false, 'lost to T2']);
  });

  it('asks once more when no answer comes', () => {
    const mine = lease(null);
    mine.joined();
    vi.advanceTimersByTime(6_000);
    expect(asks()).toHaveLength(2);
  });
});
