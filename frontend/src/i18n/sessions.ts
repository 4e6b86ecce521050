/** Words of the session list's script (its page has the others), and of the ageing of sessions. */
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });

export const words = {
  none: 'Select all',
  ticked: (count: number) => (count === 1 ? '1 session selected' : `${count} sessions selected`),
  ages: (at: Date) =>
    `You have no account, and this session was not used for long: it would go to the bin on ${day.format(at)}. Run something to keep it, or sign up.`,
  all: 'Select all on this page',
} as const;
