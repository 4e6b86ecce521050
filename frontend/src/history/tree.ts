/**
 * The states of a session as a tree: what came from what, oldest first, with the entries between
 * them that saved no state; and where each stands when it is drawn.
 */
import { words } from '../i18n/history';
import type { Cause, Entry, SessionState, SnapshotInfo } from '../protocol.gen';

export interface Node {
  /** The snapshot's id; `entry 5` for an entry without one; `start` for the beginning. */
  id: string;
  /** The last entry that is in it. */
  number: number;
  kind: Cause | 'entry' | 'start';
  /** The node that it came from; null for the first ones. */
  parent: string | null;
  /** When it was saved, or without that, when the entry ran, ms since 1970. */
  at: number | null;
  snapshot: SnapshotInfo | null;
  /** Why there is nothing to see or to go to; empty where there is. */
  reason: string;
}

/** The state from which those come that came from nothing, when there are several. */
const START = 'start';

/** The newest saved state right after each entry. */
export function statesByEntry(snapshots: readonly SnapshotInfo[]): Map<number, SnapshotInfo> {
  const fitting = snapshots.filter(({ cause }) => cause === 'execution');
  return new Map(fitting.map((info) => [info.number, info]));
}

/** All states and the loaded entries without one, in the order in which they came to be. */
export function nodesOf(state: SessionState): Node[] {
  const states = statesByEntry(state.snapshots);
  const empty = state.entries.filter(({ number }) => !states.has(number));
  const events = [
    ...state.snapshots.map((snapshot) => ({ at: snapshot.createdAt, turn: 0, snapshot })),
    ...state.marks
      .filter(({ kind }) => kind === 'restore')
      .map((mark) => ({ at: mark.at, turn: 1, mark })),
    ...empty.map((entry) => ({ at: entry.executedAt, turn: 2, entry })),
  ].sort((a, b) => a.at - b.at || a.turn - b.turn);
  const nodes: Node[] = [];
  const known = new Set<string>();
  const byNumber = new Map<number, string>();
  /** Where an entry stands that saved nothing: on what the session stood on. */
  let here: string | null = null;
  const add = (node: Node) => {
    nodes.push(node);
    known.add(node.id);
  };
  for (const event of events) {
    if ('snapshot' in event) {
      const { id, number, cause, createdAt, parent } = event.snapshot;
      // Only what came before it can be what it came from, whatever is claimed.
      const above = parent !== null && known.has(parent) ? parent : null;
      const base = { id, number, at: createdAt, snapshot: event.snapshot, reason: '' };
      add({ ...base, kind: cause, parent: above });
      byNumber.set(number, id);
      here = id;
    } else if ('mark' in event) {
      here = byNumber.get(event.mark.to ?? 0) ?? null;
    } else {
      const { number, executedAt } = event.entry;
      const reason = whyNot(event.entry, state);
      const id = `entry ${number}`;
      add({ id, number, kind: 'entry', parent: here, at: executedAt, snapshot: null, reason });
    }
  }
  return withStart(nodes, state);
}

/** Several first states hang on the beginning; so does everything while the session stands there. */
function withStart(nodes: readonly Node[], state: SessionState): Node[] {
  const first = nodes.filter(({ parent }) => parent === null);
  const saved = first.filter(({ snapshot }) => snapshot !== null);
  if (saved.length < 2 && (state.head !== null || !saved.length)) return [...nodes];
  const start: Node = {
    id: START,
    number: 0,
    kind: 'start',
    parent: null,
    at: null,
    snapshot: null,
    reason: words.reason.start,
  };
  return [
    start,
    ...nodes.map((node) => (node.parent === null ? { ...node, parent: START } : node)),
  ];
}

function whyNot(entry: Entry, state: SessionState): string {
  const { deleted, running, command, imported, gone } = words.reason;
  const { number } = entry;
  if (entry.deleted) return deleted(number);
  if (entry.status === 'running' || entry.status === 'queued') return running(number);
  if (entry.kind === 'imported') return imported(number);
  if (entry.kind === 'command') return command(number);
  const newest = Math.max(0, ...state.snapshots.map((info) => info.number));
  return number > newest ? running(number) : gone(number);
}

/** The node that the session stands on now. */
export function headOf(nodes: readonly Node[], state: SessionState): string | null {
  if (state.head !== null) return nodes.find(({ id }) => id === state.head)?.id ?? null;
  return nodes.find(({ kind }) => kind === 'start')?.id ?? null;
}

/** One line of the drawn tree: a state, or several steps in a row that are folded. */
export interface Row {
  id: string;
  nodes: readonly Node[];
  parent: string | null;
}

/** Fewer nodes than this are never folded. */
const FOLD_FROM = 30;

/** Fewer steps in a row than this are not worth it. */
const STEPS = 5;

/**
 * The lines: single steps in a row, each from the one before, become one line when there are many
 * nodes. `keep` says which nodes always stand alone, `open` which folds are not folded.
 */
export function rowsOf(
  nodes: readonly Node[],
  keep: (node: Node) => boolean,
  open: ReadonlySet<string>,
): Row[] {
  const children = new Map<string, number>();
  for (const { parent, kind } of nodes)
    if (parent !== null && kind !== 'entry') children.set(parent, (children.get(parent) ?? 0) + 1);
  const alone = (node: Node) =>
    keep(node) ||
    Boolean(node.snapshot?.label) ||
    node.parent === null ||
    children.get(node.id) !== 1 ||
    children.get(node.parent) !== 1;
  const rows: Row[] = [];
  /** In which line each node is. */
  const lines = new Map<string, string>();
  const add = (some: readonly Node[]) => {
    const [first] = some;
    if (!first) return;
    const parent = first.parent === null ? null : (lines.get(first.parent) ?? null);
    const id = some.length > 1 ? foldOf(first) : first.id;
    for (const node of some) lines.set(node.id, id);
    rows.push({ id, nodes: some, parent });
  };
  let run: Node[] = [];
  const end = () => {
    const [first] = run;
    if (run.length < STEPS || nodes.length < FOLD_FROM || (first && open.has(foldOf(first))))
      for (const node of run) add([node]);
    else add(run);
    run = [];
  };
  for (const node of nodes) {
    const follows = run.findLast(({ kind }) => kind !== 'entry')?.id === node.parent;
    const single = node.kind === 'entry' ? !follows || keep(node) : alone(node);
    if (single || !follows) end();
    if (single) add([node]);
    else run.push(node);
  }
  end();
  return rows;
}

/** What a fold is called that begins with a node. */
function foldOf(first: Node): string {
  return `fold ${first.id}`;
}

/** A line with its place: lanes count from the left. */
export interface Placed extends Row {
  lane: number;
  /** It is the first of a branch. */
  begins: boolean;
  /** The line goes on above and below it in its own lane. */
  above: boolean;
  below: boolean;
  /** Lanes of others that pass by. */
  through: readonly number[];
  /** Lanes of branches that begin at it. */
  starts: readonly number[];
}

/** Branches that are drawn side by side; more than these share the last lane. */
export const LANES = 6;

interface Chain {
  lane: number;
  from: number;
  to: number;
  rows: number[];
}

/** Gives every line a lane: the first that came from a state stays in its lane. */
export function placed(rows: readonly Row[]): Placed[] {
  const indices = new Map(rows.map(({ id }, index) => [id, index]));
  const chains: Chain[] = [];
  const chainOf: Chain[] = [];
  const continued = new Set<number>();
  rows.forEach((row, index) => {
    const above = row.parent === null ? undefined : indices.get(row.parent);
    // An entry without a state is only a stop on the way of the state that it stands on.
    const stop = row.nodes.every(({ kind }) => kind === 'entry');
    const taken = above === undefined || (continued.has(above) && !stop);
    const old = taken ? undefined : chainOf[above];
    const chain = old ?? { lane: 0, from: above ?? index, to: index, rows: [] };
    if (!old) chains.push(chain);
    else if (above !== undefined && !stop) continued.add(above);
    chain.to = index;
    chain.rows.push(index);
    chainOf[index] = chain;
  });
  const lanes: Chain[][] = [];
  for (const chain of chains) {
    const apart = (other: Chain) => other.to < chain.from || other.from > chain.to;
    const free = lanes.findIndex((others) => others.every(apart));
    const lane = free < 0 ? lanes.length : free;
    (lanes[lane] ??= []).push(chain);
    chain.lane = Math.min(lane, LANES - 1);
  }
  return rows.map((row, index) => place(row, index, chainOf[index], chains));
}

function place(row: Row, index: number, own: Chain | undefined, chains: readonly Chain[]): Placed {
  const through = new Set<number>();
  const starts = new Set<number>();
  for (const chain of chains) {
    if (chain === own || chain.from > index || chain.to < index) continue;
    const begins = chain.from === index && chain.rows[0] !== index;
    if (begins) starts.add(chain.lane);
    else if (chain.from < index) through.add(chain.lane);
  }
  const lane = own?.lane ?? 0;
  through.delete(lane);
  return {
    ...row,
    lane,
    begins: own !== undefined && own.rows[0] === index && own.from < index,
    above: own !== undefined && own.from < index,
    below: own !== undefined && own.to > index,
    through: [...through],
    starts: [...starts],
  };
}
