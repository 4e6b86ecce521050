/**
 * Runs session commands: those that change something as entries through the supervisor's lane,
 * those that look for whoever may not run as an answer without an entry.
 */
import type { Entry, ErrorOutput, SessionState } from '../../protocol.gen';
import { MAX_SOURCE_CHARS } from '../../protocol.gen';
import { words } from '../../i18n/commands';
import {
  type ExecuteOptions,
  type ExecuteOutcome,
  type Runtime,
  RuntimeError,
} from '../../runtime/interface';
import type { Changes } from '../changes';
import type { Deletions } from '../deletions';
import { PLAIN_CODE, type Plan } from '../plan';
import type { Remaking } from '../remaking';
import { emptyOutcome, type ExecutionOutcome } from '../run';
import type { Steps } from '../steps';
import type { Supervisor } from '../supervisor';
import { type Acting, type Command, CommandError, type FileCommand, type Reading } from './kinds';
import { type Parsed, unknownText } from './table';

export interface CommandPorts {
  state(): SessionState;
  entries(): Promise<readonly Entry[]>;
  supervisor: Supervisor;
  changes: Changes;
  steps: Steps;
  deletions: Deletions;
  remaking: Remaking;
  /** Resolves when the head contains what happened so far. */
  settled(): Promise<void>;
  headSaved(): Promise<boolean>;
  label(snapshot: string, label: string): void;
}

const COMMAND = { ...PLAIN_CODE, kind: 'command' } as const;

export class Commands {
  constructor(private readonly ports: CommandPorts) {}

  /** As an entry, which needs the lease like a run. */
  execute(
    source: string,
    parsed: Parsed,
    timeoutMs?: number,
    taken: () => void = () => undefined,
    origin: number | null = null,
  ): Promise<ExecutionOutcome> {
    const plan = async (runtime: Runtime): Promise<Plan> => {
      const made = await this.#plan(source, parsed, runtime);
      return { ...made, about: { ...made.about, origin } };
    };
    return this.ports.supervisor.execute(source, timeoutMs, taken, { ...COMMAND, origin }, plan);
  }

  /** A command that looks, answered here and now without an entry; null for any other. */
  async answer({ command, name, args }: Parsed): Promise<ExecutionOutcome | null> {
    if (command && command.kind !== 'read') return null;
    try {
      if (!command) throw new CommandError(unknownText(name));
      const text = await command.run(this.#reading(), args);
      return { ...emptyOutcome(null, 'ok'), result: { 'text/plain': text } };
    } catch (error) {
      const { ename, evalue, traceback } = errorOutput(error);
      const told = { ename, evalue, traceback: [...traceback] };
      return { ...emptyOutcome(null, 'error'), error: told };
    }
  }

  async #plan(source: string, { command, name, args }: Parsed, runtime: Runtime): Promise<Plan> {
    const answering = (run: (how: Acting) => Promise<string | ExecuteOutcome>): Plan => ({
      source,
      about: COMMAND,
      save: command?.kind === 'act' ? command.save : null,
      run: (here, options) => answered(options, () => run(this.#acting(here, options))),
    });
    if (!command) return answering(() => Promise.reject(new CommandError(unknownText(name))));
    if (command.kind !== 'file') return answering(async (at) => command.run(at, args));
    try {
      return await filePlan(command, args, runtime);
    } catch (error) {
      if (isDeath(error)) throw error;
      return answering(() => Promise.reject(error as Error));
    }
  }

  #reading(): Reading {
    const { ports } = this;
    return {
      state: () => ports.state(),
      entries: () => ports.entries(),
      settled: () => ports.settled(),
      lookAt: (snapshot) => ports.changes.lookAt(snapshot),
      content: (blob) => ports.changes.content(blob),
    };
  }

  #acting(runtime: Runtime, options: ExecuteOptions): Acting {
    const { changes, steps, deletions, remaking } = this.ports;
    return {
      ...this.#reading(),
      runtime,
      options,
      changes,
      steps,
      deletions,
      remaking,
      headSaved: () => this.ports.headSaved(),
      label: (snapshot, label) => this.ports.label(snapshot, label),
    };
  }
}

/** The text of the file becomes the entry's source, so that the history says what ran. */
async function filePlan(command: FileCommand, args: string, runtime: Runtime): Promise<Plan> {
  const path = command.path(args);
  const bytes = await runtime.readFile(path);
  let source: string;
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(words.errors.notText(path));
  }
  if (source.length > MAX_SOURCE_CHARS) throw new CommandError(words.errors.tooLong(path));
  return {
    source,
    about: { kind: 'file', origin: null, path },
    save: 'execution',
    run: (here, options) => here.execute(source, options),
  };
}

/** Runs a command and shows its answer, or why there is none, as the entry's output. */
async function answered(
  options: ExecuteOptions,
  run: () => Promise<string | ExecuteOutcome>,
): Promise<ExecuteOutcome> {
  const since = performance.now();
  try {
    const answer = await run();
    if (typeof answer !== 'string') return answer;
    options.onOutput([{ type: 'execute_result', data: { 'text/plain': answer }, blobs: {} }]);
    return { status: 'ok', durationMs: performance.now() - since };
  } catch (error) {
    if (isDeath(error)) throw error;
    options.onOutput([errorOutput(error)]);
    return { status: 'error', durationMs: performance.now() - since };
  }
}

function errorOutput(error: unknown): ErrorOutput {
  const evalue = error instanceof Error ? error.message : String(error);
  const ename = 'CommandError';
  return { type: 'error', ename, evalue, traceback: [evalue], hint: null, place: null };
}

function isDeath(error: unknown): boolean {
  return error instanceof RuntimeError && error.code === 'dead';
}

export type { Command };
