/** The words about making variables again that could not be saved. */
import { MAX_REMAKES } from '../protocol.gen';

const list = (names: readonly string[]) =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export const words = {
  offer: 'Make again…',
  offerOf: (name: string) => `Make ${name} again…`,
  keep: 'Make again after loading…',
  missing: (many: number) =>
    many === 1 ? '1 value did not come back.' : `${many} values did not come back whole.`,

  title: 'Make again what could not be saved',
  intro:
    'The code below made these values. Nothing runs before you say so. What it prints appears as new entries.',
  introAhead:
    'These values are here, but cannot be saved. After loading the session, the code below makes them again.',
  wanted: 'Values',
  entries: 'Code to run again',
  looking: 'Looking for the code that made them…',
  nothing: 'There is nothing to make again: all values came back.',
  noEntries: 'No entry was found that makes them.',
  unknown: (name: string, deleted: boolean) =>
    deleted
      ? `${name}: the entry that made it was deleted, so its code is gone.`
      : `${name}: no entry was found that makes it.`,
  run: (many: number) => `Run ${many === 1 ? '1 entry' : `${many} entries`}`,
  choose: (number: number) => `Run #${number} again`,
  makes: (names: readonly string[]) => `makes ${list(names)}`,
  changes: (names: readonly string[]) => `This also changes ${list(names)}.`,
  stale: (name: string, number: number) => `It uses ${name}, which #${number} changed since.`,
  warning: {
    asks: 'It asks a question (input).',
    files: 'It writes or removes files.',
    random: 'It uses chance, so the result will be another one.',
    network: 'It uses the network.',
    time: 'It depends on the time at which it runs.',
    failed: 'It ended with an error or was stopped the last time.',
  },
  always: (name: string) => `Always make ${name} again after loading`,
  tooMany: `Not more than ${MAX_REMAKES} variables of a session can be made again by themselves.`,
  alwaysHint: 'It runs in the tab that runs this session, for everybody who can change it.',
  notAlways: 'What asks a question does not run by itself.',
  isAlways: 'Made again after loading',
  stop: 'Do not make it again by itself',
  stopOf: (name: string) => `Do not make ${name} again by itself`,
  cancel: 'Cancel',
  close: 'Close',
  notHere: (reason: string) => `Not here: ${reason}`,

  made: (names: readonly string[], numbers: readonly number[]) =>
    `Made again after loading, as you asked: ${list(names)} (${numbers.map((number) => `#${number}`).join(', ')}).`,
  change: 'Change…',
  failed: (number: number) => `#${number} did not end well, so the rest was not run.`,
  notByItself: (names: readonly string[]) =>
    `${list(names)} could not be made again by itself. See what its code needs.`,
  died: 'Making values again ended Python, so it is not tried again by itself.',

  noVariable: (name: string) => `There is no variable ${name} that could not be saved.`,
  running: (names: readonly string[], numbers: readonly number[]) =>
    `Making ${list(names)} again: ${numbers.map((number) => `#${number}`).join(', ')} ${numbers.length === 1 ? 'runs' : 'run'} next.`,
} as const;
