/** Words of the pages of classes that their script says. */
export const words = {
  over: 'Nobody let you in. Ask your teacher, then go back and try again.',
} as const;
