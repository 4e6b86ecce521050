/** Words of the pages that lead to a session: the start page and that of a share link. */
export const words = {
  starting: 'Making your playground…',
  joining: 'Opening the session…',
  retry: 'That did not work. Is the network there? Nothing was lost.',
  again: 'Try again',
} as const;
