/** Waiting for what happens by itself. */
import { expect, vi } from 'vitest';

import type { Tab } from './browser';

/** Waits until something holds, also on a machine that is busy with other tests. */
export const eventually = <T>(what: () => T | Promise<T>) => vi.waitFor(what, 10_000);

/** Waits until what the last run left is kept on this device. */
export async function captured({ live }: Tab): Promise<void> {
  const number = live.store.view.nextNumber - 1;
  await eventually(async () => {
    const kept = [...(await live.outbox.operations()).values()].flat();
    const operations = kept.map(({ operation }) => operation);
    expect(operations).toContainEqual(
      expect.objectContaining({ type: 'snapshot_saved', number }) as unknown,
    );
  });
}
