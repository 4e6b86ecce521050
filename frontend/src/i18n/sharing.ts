/** Words of sharing: titles, links, who is here, what somebody sees who came by a link. */
const roles = { owner: 'owner', editor: 'can edit', viewer: 'can view' } as const;

export const words = {
  // titles
  title: 'Title of the session',
  rename: 'Rename',
  save: 'Save',
  cancel: 'Cancel',
  titleEmpty: 'A title needs at least one character that can be seen.',
  titleHidden:
    'A title is one line of visible text; this one has a line break or a hidden character.',
  titleTooLong: (most: number, length: number) =>
    `A title has ${most} characters at most; this one has ${length.toLocaleString('en')}.`,

  // who is here
  peopleHere: (count: number) => (count === 1 ? '1 person here' : `${count} people here`),
  tabsHere: (count: number) => `Open in ${count} tabs`,
  whoIsHere: 'Who is here',
  you: 'you',
  role: (role: keyof typeof roles) => roles[role],
  tabs: (count: number) => `${count} tabs`,
  youAreSeen: 'Everybody here sees these names.',

  // the bar of who may look
  looking: (owner: string) =>
    owner
      ? `You are looking at ${owner}’s session. You see everything as it changes.`
      : 'You are looking at somebody else’s session. You see everything as it changes.',
  runsElsewhere: 'To run code, make your own copy.',
  copyNotAllowed: 'Running code and copying are not part of this link.',
  makeCopy: 'Make my own copy',
  makingCopy: 'Copying…',
  bar: 'Your place here',

  // the end of it
  endedTitle: 'This session is not shared with you any more',
  endedText:
    'Its owner stopped sharing it, or the time of the link is over. Ask them for a new link if you need one.',
  endedCopies: 'Copies that you made are still yours.',
  ownSessions: 'To my sessions',
  tryAgain: 'Try again',

  // the dialog
  share: 'Share',
  shareTitle: 'Share this session',
  close: 'Close',
  shareText:
    'Whoever has the link sees the code, its results, the table of variables and the files, live. They need no account, and they cannot run or change anything.',
  freshTitle: 'Your new link',
  noOtherLinks: 'There are no other links.',
  nameLabel: 'Name of the link',
  nameHelp: 'For you alone, to tell links apart. It may stay empty.',
  endsLabel: 'The link works',
  ends: {
    hour: 'for one hour',
    day: 'for one day',
    week: 'for one week',
    month: 'for 30 days',
    never: 'until I stop it',
  },
  forkLabel: 'They may make their own copy',
  forkHelp:
    'A copy takes the values, the files and the history. It stays theirs when you stop sharing.',
  previewLabel: 'Show the title in previews',
  previewHelp: 'Chat apps may then show the title of this session beside the link.',
  make: 'Make a link',
  making: 'Making the link…',
  listTitle: 'Links that work now',
  loading: 'Looking for your links…',
  noLinks: 'There are none: nobody sees this session but you.',
  unnamed: (made: string) => `Link of ${made}`,
  address: (name: string) => `Address of “${name}”`,
  copy: 'Copy',
  copied: 'Copied',
  copiedSay: 'The link is copied.',
  copyByHand: 'The browser did not let the page copy. The link is marked: press Ctrl+C.',
  qr: 'QR code',
  hideQr: 'Hide the QR code',
  qrAlt: (name: string) => `QR code of “${name}”`,
  notShown:
    'The address cannot be shown again, because the server’s secret key was changed. It still works for those who have it.',
  allows: (role: 'viewer' | 'editor', fork: boolean) =>
    role === 'editor' ? 'can edit' : fork ? 'can view and copy' : 'can view',
  endsAt: (when: string) => `works until ${when}`,
  endsNever: 'works until you stop it',
  notUsed: 'not opened yet',
  used: (uses: number, people: number, last: string) =>
    `opened ${uses === 1 ? 'once' : `${uses} times`} by ${people === 1 ? '1 person' : `${people} people`}, last ${last}`,
  shownInPreviews: 'title in previews',
  stop: 'Stop sharing',
  stopAsk:
    'Everybody who came by this link is shut out now. You cannot take that back, but you can make a new link.',
  stopNow: 'Stop sharing now',
  keep: 'Keep it',
  stopped: (name: string) => `“${name}” does not work any more.`,
} as const;
