/** The words about saving: the header's, and those for work that has no place any more. */
export const words = {
  saved: 'Saved',
  saving: 'Saving…',
  connecting: 'Connecting…',
  savedBut: (names: string) => `Saved, but not ${names}`,
  whyNot: (text: string) => `${text}. Press to see why.`,
  notSavedWhy: 'Not saved:',
  andMore: (names: string, more: number) => `${names} and ${more} more`,
  offlineAll: 'Offline: all work so far is saved',
  offlineKept: 'Offline: kept in this browser',
  offlineOpen: 'Offline: kept only in this open page',
  ended: 'Not saved: the session cannot be reached any more',
  refused: (why: string) => `Not saved: ${why}`,

  latestNotSaved: 'The latest values were not saved.',
  notSaved: 'Not saved.',
  stateNotBack:
    'The code and its output are back, but not the values saved after it: they are not kept any more.',
  notStored: (why: string) => `Saving failed: ${why}`,
  lostTrack: 'The server lost track of this page. Load it again; unsent work is offered then.',
  loadAgain: 'Load again',

  notAdded: 'Some work could not be added here, because the session went on without it.',
  openSeparate: 'Open it as a separate session',
  alsoAsText: 'That work can also be kept as a text file.',
  downloadIt: 'Download it',
  unsentOnly:
    'Your latest work could not be sent before the session was closed to you. It is in this browser alone.',
  notSeparate: 'The separate session could not be made. The work is still kept here.',
  lostPage: 'The server lost track of this page.',
  cannotOpen: 'The new session cannot be opened.',
  unknownBefore: 'The server does not know what came before.',

  // before signing out
  latestWork: (own: boolean, others: boolean, sessions: number) =>
    `${own ? (others ? 'Yours and other people’s' : 'Your') : 'Other people’s'} latest work in ` +
    `${sessions === 1 ? 'a session' : `${sessions} sessions`} is only in this browser. ` +
    `Open ${sessions === 1 ? 'it' : 'them'} with a network to send it. ` +
    'If you go on, it is lost for ever: press the button once more.',
} as const;
