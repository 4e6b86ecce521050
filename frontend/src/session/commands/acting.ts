/** The commands that change something. Each runs in its turn of the lane, as an entry. */
import { words } from '../../i18n/commands';
import { words as again } from '../../i18n/remaking';
import type { ExecuteOutcome } from '../../runtime/interface';
import { findSnapshot } from '../reducer';
import { namesOf, numberOf, numbersOf } from './arguments';
import { type Acting, CommandError } from './kinds';
import { nameList, nearest, numberList, shortTime } from './text';

/** Code that takes longer is not run again to measure it better, ms. */
const QUICK_MS = 200;
const MAX_LABEL_CHARS = 200;

export async function del(at: Acting, args: string): Promise<string> {
  const numbers = numbersOf(args, ':del n [m …]');
  await at.deletions.delete(numbers);
  return words.deleted(numberList(numbers), numbers.length === 1);
}

export async function clear(at: Acting, args: string): Promise<string> {
  const names = namesOf(args);
  const known = at.state().variables.map(({ name }) => name);
  for (const name of names)
    if (!known.includes(name))
      throw new CommandError(words.errors.noVariable(name, nearest(name, known)));
  await at.runtime.clear(names.length ? names : null);
  return names.length ? words.cleared(nameList(names)) : words.clearedAll;
}

export async function reset(at: Acting): Promise<string> {
  await at.changes.startAfresh();
  return words.reset;
}

export async function restore(at: Acting, args: string): Promise<string> {
  const number = numberOf(args);
  if (number !== null) {
    await at.changes.goTo(() => at.changes.snapshotAfter(number));
    return words.restored(words.after(number));
  }
  if (!args) throw new CommandError(words.errors.needs(':restore n'));
  await at.changes.goTo(() => {
    const found = at.state().snapshots.findLast(({ label }) => label === args);
    if (!found) throw new CommandError(words.errors.noLabel(args));
    return found;
  });
  return words.restored(words.atLabel(args));
}

export async function save(at: Acting, args: string): Promise<string> {
  if ([...args].length > MAX_LABEL_CHARS || /[\p{C}\p{Zl}\p{Zp}]/u.test(args))
    throw new CommandError(words.errors.label);
  await at.headSaved();
  const state = at.state();
  const head = findSnapshot(state, state.head);
  if (!head) throw new CommandError(words.noSnapshots);
  if (args) at.label(head.id, args);
  const saved = await at.headSaved();
  if (!saved) return args ? words.namedOffline(args) : words.keptOffline;
  return args ? words.named(head.number, args) : words.saved(head.number);
}

/** Finds the entries that make variables again; they run after this one. */
export async function remake(at: Acting, args: string): Promise<string> {
  const names = namesOf(args);
  const unsaved = at.state().variables.filter(({ saved }) => !saved);
  for (const name of names)
    if (!unsaved.some((row) => row.name === name)) throw new CommandError(again.noVariable(name));
  if (!names.length && !unsaved.some(({ missing }) => missing)) return again.nothing;
  const plan = await at.remaking.find(at.runtime, await at.entries(), names.length ? names : null);
  const unknown = plan.unknown.map(({ name, deleted }) => again.unknown(name, deleted));
  if (!plan.entries.length) return [again.noEntries, ...unknown].join('\n');
  // They wait for their turn in the lane, which is after this command's.
  void at.remaking.run(plan.entries).catch(() => undefined);
  const numbers = plan.entries.map(({ number }) => number);
  return [again.running(plan.names, numbers), ...unknown].join('\n');
}

/** Runs the code as an entry does, and again and again if it is quick. */
export async function time(at: Acting, args: string): Promise<string | ExecuteOutcome> {
  if (!args) throw new CommandError(words.errors.needs(':time code'));
  const { runtime, options } = at;
  const first = await runtime.execute(args, {
    ...options,
    // The answer of the command is its only result; the code's own is shown before it.
    onOutput: (outputs) =>
      options.onOutput(
        outputs.map((output) =>
          output.type === 'execute_result' ? { ...output, type: 'display_data' } : output,
        ),
      ),
  });
  if (first.status !== 'ok') return first;
  if (first.durationMs > QUICK_MS) return words.times.once(shortTime(first.durationMs));
  const { bestMs, runs } = (await runtime.ask('time', { source: args })) as {
    bestMs: unknown;
    runs: unknown;
  };
  if (typeof bestMs !== 'number' || typeof runs !== 'number' || !(bestMs >= 0))
    return words.times.once(shortTime(first.durationMs));
  return words.times.best(shortTime(bestMs), runs.toLocaleString('en'));
}

export async function undo(at: Acting): Promise<string> {
  return words.undone(await at.steps.undo());
}

export async function redo(at: Acting): Promise<string> {
  return words.redone(await at.steps.redo());
}

/** What `:restore` is about to do, for the question before it. */
export function restoreTarget(args: string): string {
  const number = numberOf(args);
  return number === null ? words.atLabel(args) : words.after(number);
}
