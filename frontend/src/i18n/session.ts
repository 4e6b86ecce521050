/** The words of the session page's frame: header, transcript, entries, the side, its notices. */
import type { Status } from '../protocol.gen';

const statuses: Record<Status, string> = {
  queued: 'Queued',
  running: 'Running',
  ok: 'Done',
  error: 'Error',
  interrupted: 'Stopped',
  timeout: 'Time is up',
};

export const words = {
  // the header
  sessions: 'Sessions',
  mayLook: 'View only',
  mayEdit: 'You can edit',
  noConnection: 'No connection',
  you: 'You',
  profile: 'Your profile',
  notYou: 'Not you?',
  account: (name: string) => `You: ${name}`,
  noAccount: 'You have no account',
  signedIn: 'You are signed in',
  signOut: 'Sign out',
  signUpKeep: 'Sign up to keep everything',
  signIn: 'Sign in',
  signUp: 'Sign up',

  // the transcript
  waiting: 'Waiting to run',
  marks: {
    clear: 'Variables cleared',
    reset: 'Fresh start',
    beginning: 'Went back to the beginning',
    returned: (number: number) => `Returned to #${number}`,
    back: (number: number) => `Went back to #${number}`,
  },

  // an entry
  entry: 'Entry',
  status: (status: Status) => statuses[status],
  here: 'You are here',
  go: { back: 'Go back to here', forward: 'Go forward to here' },
  goShort: { back: 'Go back', forward: 'Go forward' },
  goHint: (number: number) => `Makes the variables and files what they were right after #${number}`,
  lost: 'The tab that ran this went away, so how it ended is not known.',
  inputLabel: 'The program waits for your answer',
  answer: 'Answer',

  // how a run ended, read aloud
  endings: {
    ok: (number: number) => `Entry ${number} is done.`,
    error: (number: number) => `Entry ${number} ended with an error.`,
    interrupted: (number: number) => `Entry ${number} was stopped.`,
    timeout: (number: number) => `Entry ${number} was stopped: its time was up.`,
  },
  hasResult: 'It has a result.',
  showsSomething: 'It shows something.',

  // the side
  side: 'Variables and files',
  variables: (count: number) => `Variables ${count}`,
  files: (count: number) => `Files ${count}`,
  freshStart: 'Fresh start…',
  freshTitle: 'A fresh start?',
  freshText:
    'All variables and files are put away, as if the session were new. The history stays, and you can go back.',
  freshDo: 'Start fresh',
  freshDone: 'All variables and files were put away. The history stays.',
  undoSoon: 'The change is still being saved. Try again in a moment.',

  // who runs it
  where: 'Where it runs',
  inOtherTab: 'This session is running in another tab. You see all of it live.',
  byOther: (name: string | undefined) =>
    `${name ?? 'Somebody'} is running this session. You see all of it live.`,
  takingOver:
    'It comes here when the code there has ended. If that takes too long, press Stop there.',
  runHere: 'Run here',
  waitingHere: 'Waiting…',

  // notices
  details: 'Details',
  closeNotice: 'Close this notice',

  // a page that cannot work
  insecure:
    'Playground needs a secure address: open it with https, or as localhost on this computer.',
  notIsolated:
    'This browser does not let the page keep Python apart from the web. Please use a current Firefox, Chrome, Edge or Safari.',
} as const;
