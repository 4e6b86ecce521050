/** Plain text for the answers of commands: tables, numbers of entries, names that are near. */

const MAX_CELL = 60;

/** Columns side by side, the last one as long as it is; numbers stand right if `right` says so. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const cells = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => length(row[column]))));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - length(cell));
        return right.includes(column) ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

/** A text in one line of bounded length. */
export function oneLine(text: string): string {
  const flat = text.trim().replace(/\s*\n\s*/g, ' ⏎ ');
  const letters = [...flat];
  return letters.length > MAX_CELL ? `${letters.slice(0, MAX_CELL - 1).join('')}…` : flat;
}

function length(text = ''): number {
  return [...text].length;
}

/** `#3`, `#3 and #5`, `#3, #5 and #8`. */
export function numberList(numbers: readonly number[]): string {
  return nameList(numbers.map((number) => `#${number}`));
}

export function nameList(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** `0.31 µs`, `12 ms`, `2.4 s`. */
export function shortTime(milliseconds: number): string {
  const units = [
    ['s', 1_000],
    ['ms', 1],
    ['µs', 1e-3],
  ] as const;
  const [unit, size] = units.find(([, least]) => milliseconds >= least) ?? (['ns', 1e-6] as const);
  const value = milliseconds / size;
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
}

/** The name that was probably meant, if one is near enough. */
export function nearest(wrong: string, names: readonly string[]): string | null {
  const lower = wrong.toLowerCase();
  const ranked = names
    .map((name) => ({ name, far: distance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const begins = lower && names.find((name) => name.toLowerCase().startsWith(lower));
  const best = ranked[0];
  if (best && best.far <= Math.max(1, Math.floor(wrong.length / 3))) return best.name;
  return begins || null;
}

/** Letters to insert, remove, change or swap with their neighbour, to make one of the other. */
function distance(a: string, b: string): number {
  let earlier: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (earlier[j - 2] ?? 0) + 1);
      row.push(least);
    }
    earlier = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
