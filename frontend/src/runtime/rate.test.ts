import { expect, it } from 'vitest';

import { Rate } from './rate';

it('allows a burst, then only so many a second', () => {
  let now = 0;
  const rate = new Rate(10, 5, () => now);
  const taken = () => [...Array(20)].filter(() => rate.take()).length;
  expect(taken()).toBe(5);
  now += 2_000;
  expect(taken()).toBe(5);
});
