/** Words that many places share: what buttons do everywhere, and what is said when no reason came. */
export const words = {
  cancel: 'Cancel',
  undo: 'Undo',
  failed: 'That did not work.',
} as const;
