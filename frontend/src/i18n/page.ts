/** Words of the session page itself: the transcript, its search, the first steps, the keys. */

export const words = {
  look: 'Look',
  looks: { system: 'System', light: 'Light', dark: 'Dark' },
  transcript: 'Transcript',
  earlier: 'Show earlier entries',
  fetching: 'Fetching…',
  newest: 'Newest',
  deleted: (number: number) => `#${number} was deleted`,

  search: 'Search',
  searchTitle: 'Search in the code and outputs of all entries (Ctrl-F)',
  searchLabel: 'Search in all entries',
  searchEarlier: 'Earlier match',
  searchLater: 'Later match',
  searchClose: 'Close the search',
  searchNone: 'Not found',
  searchCount: (place: number, all: number) =>
    `${place} of ${all} ${all === 1 ? 'entry' : 'entries'}`,
  searchMore: (number: number) => `looking before #${number}…`,
  searchPart: (number: number) => `entries before #${number} could not be fetched`,

  help: 'Keys',
  helpTitle: 'All keys of this page (F1)',
  helpClose: 'Close the list of keys',
  helpText: 'On a Mac, press Cmd where it says Ctrl. Everything can be done without a mouse.',
  helpGroups: [
    {
      name: 'Writing code',
      keys: [
        ['Enter', 'Run the code; a new line where more is expected'],
        ['Shift+Enter, Ctrl+Enter', 'Run the code in any case'],
        ['↑ ↓', 'Earlier code, when the cursor is in the first or last line'],
        ['Ctrl+R', 'Search earlier code'],
        ['Tab', 'Complete a word, or indent'],
        ['Shift+Tab', 'Indent less'],
        ['Ctrl+Space', 'Show what could be written here'],
        ['Ctrl+I', 'Help for the name at the cursor'],
        ['F8', 'Go to the next marked problem'],
        ['Ctrl+/', 'Make a comment of the line, or code of it again'],
        ['Ctrl+Z, Ctrl+Y', 'Undo, redo'],
        ['Esc, Tab', 'One after the other: leave the editor'],
      ],
    },
    {
      name: 'Scripts',
      keys: [
        ['Ctrl+Enter, F5', 'Run the script'],
        ['Ctrl+S', 'Nothing to do: scripts save themselves'],
        ['← →', 'Go from tab to tab, when one has the focus'],
      ],
    },
    {
      name: 'Reading',
      keys: [
        ['Ctrl+F', 'Search all entries; pressed again, the search of the browser'],
        ['Enter, Shift+Enter', 'In the search: the match before, the match after'],
        ['↑ ↓ Page Up, Page Down', 'Scroll, when the transcript has the focus'],
        ['Tab, Shift+Tab', 'Go to the next or the previous part of the page'],
        ['Esc', 'Close what is open'],
      ],
    },
    {
      name: 'Anywhere',
      keys: [
        ['Ctrl+K', 'Find and do anything: the list of commands'],
        ['F1, Ctrl+/', 'This list'],
      ],
    },
  ],
} as const;
