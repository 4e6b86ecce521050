/** What an execution runs: code as it was given, a file, or a session command. */
import type { Cause, StartExecution } from '../protocol.gen';
import type { ExecuteOptions, ExecuteOutcome, Runtime } from '../runtime/interface';

/** What an execution is besides its source: see `start_execution`. */
export type RunKind = Pick<StartExecution, 'kind' | 'origin' | 'path'>;

export const PLAIN_CODE: RunKind = { kind: 'code', origin: null, path: null };

/** How an entry runs when it is more than its source given to the runtime: a command, a file. */
export interface Plan {
  source: string;
  about: RunKind;
  run(runtime: Runtime, options: ExecuteOptions): Promise<ExecuteOutcome>;
  /** What its snapshot is of; null when there is nothing to save. */
  save: Cause | null;
}

/** Code as it was given. */
export function plainly(source: string, about: RunKind): Plan {
  return { source, about, save: 'execution', run: (runtime, how) => runtime.execute(source, how) };
}

/** Code that is to run even if it is only the beginning of an entry, which then is an error. */
export function anyway(source: string, about: RunKind): Plan {
  const text = source.toWellFormed();
  const run: Plan['run'] = (runtime, how) => runtime.execute(text, { ...how, whole: true });
  return { ...plainly(text, about), run };
}
