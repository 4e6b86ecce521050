/** Words for a page that cannot go on with its session. */
export const words = {
  reasons: {
    protocol: 'The playground was renewed. Load the page again to go on.',
    forbidden: 'You cannot open this session any more.',
    binned: 'This session is in the bin now. Nothing more is saved here until it is restored.',
    'signed-out': 'You were signed out in this browser. Sign in to go on.',
    gone: 'This session is not there any more.',
  },
  binnedByOwner:
    'The owner of this session has put it into the bin. What is shown here stays until you close the page. If the owner restores it, its address works again.',
  unkept: 'This browser cannot keep unsent work (no room, or a private window).',
  keepOpen: 'Keep this page open until everything is saved.',
  signIn: 'Sign in',
  again: 'Load again',
} as const;
