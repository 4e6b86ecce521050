/** The words of the file area: tabs, scripts, the list of files, uploads, previews. */
import { count, size } from '../ui/format';

export const words = {
  console: 'Console',
  tabs: 'Console and open files',
  newScript: 'New script',
  run: (name: string) => `Run ${name}`,
  ran: (name: string) => `Ran ${name}`,
  runHint: 'Ctrl+Enter or F5',
  close: (name: string) => `Close ${name}`,
  script: (name: string) => `Text of ${name}`,
  preview: (name: string) => `Preview of ${name}`,
  tabHint: 'Esc, then Tab leaves the editor. Ctrl+Enter runs the file.',
  divider: 'Height of the open file',
  opening: (name: string) => `Opening ${name}…`,
  starter: 'name = "world"\nfor number in range(3):\n    print(number, "Hello,", name)\n',

  saved: 'Saved',
  unsaved: 'Not saved yet',
  saving: 'Saving…',
  sending: 'Kept in this browser, saving…',
  offline: 'Kept in this browser until there is a network',
  waitsForRun: 'Kept in this browser; saved when the code has ended',
  waitsForPython: 'Kept in this browser; saved when Python has started',
  waitsForRunner: 'Kept in this browser; saved when this tab may run the session',
  failed: (why: string) => `Not saved. ${why}`,
  notKept: 'Not saved yet, and this browser has no room to keep it',
  undecided: 'Two versions',
  readOnly: 'Read only',
  tryAgain: 'Try again',
  decideFirst: (name: string) => `${name} has two versions. Choose one of them first.`,

  conflict: (name: string) => `${name} was also changed by code or in another tab.`,
  gone: (name: string) => `${name} is not in the files any more.`,
  keepMine: 'Keep mine',
  takeTheirs: 'Take theirs',
  seeBoth: 'See both',
  seeMine: 'See only mine',
  theirs: 'Theirs',
  writeAgain: 'Write it again',
  tookTheirs: (name: string) => `${name} now has their text.`,

  nameEmpty: 'A file needs a name.',
  nameUnseen: 'The name has characters that cannot be seen. Type it again without them.',
  nameBackslash: 'A name has no backslash. Folders are written with /, like data/table.csv.',
  nameOutside: 'A file stays in the home folder: a name has no .. in it.',
  nameParts: 'A part of the name between two / is empty.',
  nameSpaces: 'A name does not begin or end with a space.',
  nameLong: (has: number, most: number) =>
    `The name is too long: it has ${has} characters, and ${most} fit.`,
  nameTaken: (name: string) => `There is already a file ${name}.`,

  files: 'Files',
  empty: 'No files yet. Drop one here, or write a script.',
  emptyViewer: 'No files yet.',
  upload: 'Upload',
  uploadFiles: 'Upload files',
  downloadAll: 'Download all',
  toUpload: 'Files to upload',
  open: (name: string) => `Open ${name}`,
  download: (name: string) => `Download ${name}`,
  rename: (name: string) => `Rename ${name}`,
  remove: (name: string) => `Delete ${name}`,
  folder: (name: string, files: number) => `${name} ${count(files, 'file')}`,
  more: (files: number) => `Show ${count(files, 'more file')}`,
  changed: (name: string, when: string) => `${name}, changed ${when}`,
  deleted: (name: string) => `${name} was deleted.`,
  renamed: (from: string, to: string) => `${from} is now ${to}.`,
  undo: 'Undo',
  renameTitle: 'Rename the file',
  newName: 'New name',
  renameDo: 'Rename',
  cancel: 'Cancel',

  dropHere: 'Drop files to add them to this session',
  uploading: (name: string, number: number, total: number) =>
    `Uploading ${name}, ${number} of ${total}`,
  uploadWaits: 'The upload begins when the code has ended.',
  uploadSaves: 'Saving what was uploaded…',
  uploadProgress: 'Upload',
  busyUploading: 'An upload is on its way. Try again when it has ended.',
  notUploaded: (name: string, why: string) => `${name} was not uploaded. ${why}`,
  tooLarge: (bytes: number, most: number) =>
    `It is too large: it has ${size(bytes)}, and a file may have ${size(most)}.`,
  tooMany: (files: number, most: number) =>
    `${count(files, 'file')} are too many at once. Upload at most ${most}.`,
  tooMuch: (bytes: number, most: number) =>
    `Together they have ${size(bytes)}; all files of a session may have ${size(most)}.`,
  unreadable: 'It could not be read.',
  clashTitle: (files: number) => (files === 1 ? 'This name is taken' : 'Some names are taken'),
  clashText: (files: number) =>
    files === 1
      ? 'This file is already in the session:'
      : `These ${files} files are already in the session:`,
  replace: 'Replace',
  keepBoth: 'Keep both',
  replaced: (files: number) =>
    files === 1 ? 'A file was replaced.' : `${files} files were replaced.`,
  zipTooLarge: (bytes: number, most: number) =>
    `All files together have ${size(bytes)}. At most ${size(most)} are put into one zip; download them one by one.`,
  zipping: (number: number, total: number) => `Packing file ${number} of ${total}…`,

  mayNotRead: 'This link shows the names of the files, but not what is in them.',
  editText: 'Edit as text',
  tableNote: (shown: number, more: boolean) =>
    more ? `The first ${shown.toLocaleString('en')} rows` : count(shown, 'row'),
  jsonNote: 'Click a line to open or close it.',
  jsonOf: (name: string) => `What is in ${name}`,
  jsonWrong: (line: number, column: number, what: string) =>
    `This is not JSON yet. Line ${line.toLocaleString('en')}, column ${column.toLocaleString('en')}: ${what}`,
  jsonMissing: {
    value: 'here must be a value, like 1, true or "text" in double quotes.',
    key: 'here must be a name in double quotes.',
    colon: 'here must be a colon.',
    next: 'here must be a comma or the closing bracket.',
    end: 'nothing may follow here.',
    depth: 'there are too many brackets in brackets to show them.',
  },
  table: (name: string) => `Table of ${name}`,
  column: (number: number) => `Column ${number}`,
  imageOf: (name: string) => `The image ${name}`,
  imageBroken: 'The browser cannot show this image.',
  imageSize: (wide: number, high: number) => `${wide} × ${high} pixels`,
  binary: (bytes: number) => `${size(bytes)} that are no text. It begins with:`,
  binaryOf: (name: string) => `First bytes of ${name}`,
  longText: (bytes: number) =>
    `${size(bytes)} are too much to edit here. This is the beginning; download the file to see all.`,
  otherText: (encoding: string) =>
    `This text is in ${encoding}. It can be read here, not edited, so that nothing of it is changed.`,
  textOf: (name: string) => `Beginning of ${name}`,
} as const;
