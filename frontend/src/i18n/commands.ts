/** The words of the session commands: what `:help` says, their answers, the questions before. */
export const words = {
  help: {
    help: 'Lists all commands.',
    vars: 'Lists the variables with their values.',
    history: 'Lists what was run, with its number.',
    show: 'Shows an entry with its output.',
    del: 'Deletes entries for good; their numbers are not used again.',
    clear: 'Removes the named variables, or all of them; Python goes on running.',
    reset: 'Starts Python afresh without variables; the files stay.',
    load: 'Runs a file of the session, as if its text had been typed here.',
    save: 'Waits until everything is saved, and gives that state a name if you say one.',
    snapshots: 'Lists the saved states that you can go back to.',
    compare:
      'Says what is different in a saved state: to now, or to another one (#n, a name, now).',
    restore: 'Goes back to the variables and files right after an entry, or to a named state.',
    remake: 'Makes variables again that could not be saved, by running the entries that made them.',
    time: 'Runs code and tells how long it took; quick code is run many times, the best time counts.',
    undo: 'Takes back the last change of this page: a run, :clear, :reset, :restore, :del or a new name.',
    redo: 'Brings back what :undo took back.',
  },
  undoNote:
    ':undo goes back one step at a time and brings back variables and files. What was printed stays ' +
    'in the history. After a new run there is nothing to redo.',
  head: {
    vars: ['name', 'type', 'size', 'value'],
    history: ['#', 'ended', 'time', 'input'],
    snapshots: ['#', 'saved at', 'size', 'name'],
    compare: ['what', 'name', 'type', 'before', 'after', 'how'],
    compareFiles: ['what', 'file', 'before', 'after'],
  },
  status: {
    queued: 'queued',
    running: 'running',
    ok: 'ok',
    error: 'error',
    interrupted: 'stopped',
    timeout: 'time is up',
  },
  noVariables: 'There are no variables yet.',
  noHistory: 'Nothing was run yet.',
  noSnapshots: 'No state is saved yet.',
  noOutput: '(no output)',
  deleted: (numbers: string, one: boolean) =>
    `Deleted ${numbers}. ${one ? 'Its number is' : 'Their numbers are'} not used again. :undo brings ${one ? 'it' : 'them'} back.`,
  cleared: (names: string) => `Removed ${names}. :undo brings the values back.`,
  clearedAll: 'All variables are removed. :undo brings them back.',
  reset: 'Python started afresh. The files are still there. :undo brings the variables back.',
  restored: (where: string) => `Variables and files are as they were ${where}. :undo goes back.`,
  after: (number: number) => `after #${number}`,
  atLabel: (label: string) => `at “${label}”`,
  saved: (number: number) => `Saved: the state after #${number}.`,
  named: (number: number, label: string) =>
    `Saved: the state after #${number} is named “${label}”.`,
  namedOffline: (label: string) =>
    `Named “${label}”. It is kept in this browser and sent when the network is back.`,
  keptOffline: 'Kept in this browser. It is sent when the network is back.',
  times: {
    once: (time: string) => `${time} (one run)`,
    best: (time: string, runs: string) => `${time} for one run (the best of ${runs} runs)`,
  },
  undone: (what: string) => `Took back ${what}. :redo brings it back.`,
  redone: (what: string) => `Brought back ${what}.`,
  what: {
    execution: (number: number) => `the run of #${number}`,
    files: () => 'the change of files',
    edit: () => 'the change of a variable',
    clear: () => 'the removal of variables',
    reset: () => 'the fresh start',
    restore: (number: number) => `the step to the state after #${number}`,
  },
  whatDeleted: (numbers: string) => `the deletion of ${numbers}`,
  nothingToUndo: 'There is nothing to take back.',
  nothingToRedo: 'There is nothing to bring back.',
  notKept: 'That state is not kept any more.',
  errors: {
    unknown: (name: string, near: string | null) =>
      `There is no command :${name}.${near ? ` Did you mean :${near}?` : ''} :help lists all commands.`,
    needs: (usage: string) => `Write it like this: ${usage}`,
    noEntry: (number: number) => `There is no entry #${number}.`,
    wasDeleted: (number: number) => `Entry #${number} was deleted.`,
    running: (number: number) => `Entry #${number} is still running.`,
    noVariable: (name: string, near: string | null) =>
      `There is no variable ${name}.${near ? ` Did you mean ${near}?` : ''}`,
    notText: (path: string) => `${path} is not a text in UTF-8, so it cannot be run.`,
    tooLong: (path: string) => `${path} is too long to be run as one entry.`,
    tooMany: (most: number) => `At most ${most} entries are deleted at once.`,
    noLabel: (label: string) => `No saved state is named “${label}”. :snapshots lists them.`,
    noState: (number: number) =>
      `The state after #${number} is not kept. :snapshots lists those that are.`,
    label: 'A name is one line of at most 200 visible characters.',
  },
  asks: {
    cancel: 'Cancel',
    del: (numbers: string) => ({
      title: `Delete ${numbers}?`,
      text: 'The code, its output and the state saved after it go, for everybody. :undo brings them back until you leave this page.',
      action: 'Delete',
    }),
    clear: (names: string) => ({
      title: names ? `Remove ${names}?` : 'Remove all variables?',
      text: 'The history and the files stay. :undo brings the values back.',
      action: 'Remove',
    }),
    reset: {
      title: 'Start Python afresh?',
      text: 'All variables go; the history and the files stay. :undo brings the variables back.',
      action: 'Start afresh',
    },
    restore: (where: string) => ({
      title: `Go back to the state ${where}?`,
      text: 'Variables and files become what they were. The history stays, and :undo returns here.',
      action: 'Go back',
    }),
  },
} as const;
