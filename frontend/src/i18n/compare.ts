/** Words of comparing two saved states. */

const some = (number: number) => number.toLocaleString('en');

export const words = {
  title: 'What is different',
  now: 'now',
  afterEntry: (number: number) => `after #${number}`,
  atLabel: (label: string, number: number) => `“${label}”, after #${number}`,
  from: (from: string, to: string) => `From ${from} to ${to}`,
  change: { changed: 'changed', added: 'added', removed: 'gone', same: 'the same' },
  nothing: 'Nothing is different.',
  summary: (changed: number, added: number, removed: number, same: number) =>
    [
      changed ? `${some(changed)} changed` : '',
      added ? `${some(added)} added` : '',
      removed ? `${some(removed)} gone` : '',
      same ? `${some(same)} the same` : '',
    ]
      .filter(Boolean)
      .join(', ') + '.',
  variables: 'Variables',
  files: 'Files',
  columns: { change: 'What', name: 'Name', type: 'Type' },
  more: (hidden: number) =>
    `${some(hidden)} more variables are not compared: their rows were not kept.`,
  otherType: (from: string, to: string) => `${from} became ${to}`,
  otherLength: (from: string, to: string, by: number) =>
    `${from} → ${to} elements${by ? ` (${some(Math.abs(by))} ${by > 0 ? 'more' : 'fewer'})` : ''}`,
  otherSize: (from: string, to: string) => `${from} → ${to}`,
  difference: (by: string) => `by ${by}`,
  definedAgain: (from: number, to: number) => `defined in #${from}, then in #${to}`,
  inside: 'looks the same, but something in it changed',
  unsaved: (reason: string) => `not saved: ${reason}`,
  blind: 'One of these states was saved by an earlier version, which kept no table of variables.',
  details: (name: string) => `Show what changed in ${name}`,
  text: 'What changed',
  linesOf: (name: string) => `Lines of ${name} that changed`,
  sameText: 'The text is the same.',
  noText: 'It is no text, or too long, so its parts are not compared.',
  noSource: 'The entry that defined it was deleted, so its text is not known.',
  left: (lines: number) => `and ${some(lines)} more lines`,
  skipped: '…',
} as const;
