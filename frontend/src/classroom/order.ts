/** What the wall makes of the tiles: how each pupil is doing, their order, groups. Pure. */
import type { Hand, Tile, Values } from './protocol.gen';

export type Doing = 'hand' | 'stuck' | 'active' | 'quiet' | 'away';

/** When somebody counts as stuck; the teacher's settings. */
export interface Limits {
  sameErrors: number;
  quietMinutes: number;
}

export interface Placed {
  tile: Tile;
  doing: Doing;
  hand: Hand | null;
}

export interface TileGroup {
  /** What they have in common, to be shown; null for those who have none of it. */
  name: string | null;
  placed: Placed[];
}

export type Grouping = 'nothing' | 'error' | 'output' | 'value';

const RANK: Record<Doing, number> = { hand: 0, stuck: 1, active: 2, quiet: 3, away: 4 };

/** How a pupil is doing at the moment `now`, by the server's clock in milliseconds. */
export function doing(tile: Tile, hand: Hand | null, limits: Limits, now: number): Doing {
  if (hand) return 'hand';
  if (!tile.here) return 'away';
  const quiet = limits.quietMinutes * 60_000;
  const active = tile.activeAt !== null && now - tile.activeAt < quiet;
  if (active && tile.sameError >= limits.sameErrors) return 'stuck';
  if (active && tile.tryingAt !== null && now - tile.tryingAt > quiet) return 'stuck';
  return active ? 'active' : 'quiet';
}

/**
 * Hands first, who waits longest in front; then who is stuck, working, quiet, away. Within these by
 * name, so that a tile moves only when something about it changes.
 */
export function placed(
  tiles: Iterable<Tile>,
  hands: readonly Hand[],
  limits: Limits,
  now: number,
): Placed[] {
  const up = new Map(hands.map((hand, index) => [hand.pupil, { hand, index }]));
  const all = [...tiles].map((tile) => {
    const hand = up.get(tile.id)?.hand ?? null;
    return { tile, hand, doing: doing(tile, hand, limits, now) };
  });
  return all.sort(
    (a, b) =>
      RANK[a.doing] - RANK[b.doing] ||
      (up.get(a.tile.id)?.index ?? 0) - (up.get(b.tile.id)?.index ?? 0) ||
      a.tile.name.localeCompare(b.tile.name) ||
      a.tile.id - b.tile.id,
  );
}

/** How many there are of each. Who has a hand up counts as stuck. */
export function counts(
  all: readonly Placed[],
): Record<'active' | 'stuck' | 'quiet' | 'away', number> {
  const found = { active: 0, stuck: 0, quiet: 0, away: 0 };
  for (const one of all) found[one.doing === 'hand' ? 'stuck' : one.doing] += 1;
  return found;
}

/** The tiles in groups, the largest first and those without last; order within as given. */
export function grouped(
  all: readonly Placed[],
  by: Exclude<Grouping, 'nothing'>,
  values: Values | null,
): TileGroup[] {
  const value = new Map(
    values?.groups.flatMap((group) => group.pupils.map((pupil) => [pupil, group.preview] as const)),
  );
  const names: Record<typeof by, (tile: Tile) => string | null> = {
    error: (tile) =>
      tile.error ? `${tile.error}${tile.errorLine ? ` · ${tile.errorLine}` : ''}` : null,
    output: (tile) => tile.shown.trim() || null,
    value: (tile) => value.get(tile.id) ?? null,
  };
  const groups = new Map<string | null, Placed[]>();
  for (const one of all) {
    const name = names[by](one.tile);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return [...groups]
    .map(([name, placed]) => ({ name, placed }))
    .sort(
      (a, b) =>
        Number(a.name === null) - Number(b.name === null) || b.placed.length - a.placed.length,
    );
}
