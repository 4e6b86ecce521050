/** Words of exports and imports: the menu, both dialogs, the note under an imported session. */
import { size } from '../ui/format';

export const words = {
  more: 'More',
  moreTitle: 'Export, import, light or dark',
  exportItem: 'Export…',
  importItem: 'Import…',
  close: 'Close',

  exportTitle: 'Export this session',
  form: 'As what?',
  forms: {
    ipynb: {
      name: 'Notebook (.ipynb)',
      text: 'Code and outputs. Opens in Jupyter, VS Code and Colab.',
    },
    py: { name: 'Python file (.py)', text: 'The code alone, one block for each entry.' },
    html: {
      name: 'Web page (.html)',
      text: 'Code and outputs, to read and print without a network.',
    },
    session: {
      name: 'Session file (.playground)',
      text: 'Everything: history, values and files. Another Playground can import it.',
    },
  },
  exportButton: 'Export',
  exportAgain: 'Make it anew',
  noValues: 'Values of variables and files are only in a session file.',
  unsaved: 'These are not in the file:',
  waiting: 'Waiting until everything is saved…',
  notSaved: 'Something still runs or is being saved. The file has what was saved until now.',
  making: 'Making the file…',
  made: (name: string, bytes: number) => `Downloaded: ${name}, ${size(bytes)}`,
  downloadAgain: 'Download again',

  importTitle: 'Import',
  importText: 'It becomes a new session of yours. Nothing runs until you say so.',
  file: 'Notebook (.ipynb), Python file (.py) or session file (.playground)',
  link: 'Or the link of a session here, to make a copy',
  importButton: 'Import',
  nothing: 'Choose a file first, or paste a link.',
  sending: 'Sending the file…',
  reading: 'Reading the file…',
  imported: 'The import is done. Nothing was run.',
  open: 'Open the session',
  lost: 'The server cannot be reached. Nothing was lost; try again.',

  notRun: 'This came from a file. Nothing was run yet.',
  runAll: 'Run all',
  running: (done: number, all: number) => `Running ${done} of ${all}…`,
  stopped: (number: number) => `Stopped after #${number}, which did not end well.`,
  badge: 'Imported, not run here',
  textBadge: 'Text from the file',
} as const;
