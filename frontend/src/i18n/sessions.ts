/** Words of the session list's script (its page has the others), and of the ageing of sessions. */
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });

export const words = {
  none: 'Tick sessions to do something with several.',
  ticked: (count: number) => (count === 1 ? '1 session ticked' : `${count} sessions ticked`),
  ages: (at: Date) =>
    `You have no account, and this session was not used for long: it would go to the bin on ${day.format(at)}. Run something to keep it, or sign up.`,
  all: 'Tick all on this page',
} as const;
