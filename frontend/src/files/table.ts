/** CSV and TSV as rows: the delimiter is guessed, quotes are honoured, only the beginning is read. */

export interface Table {
  rows: string[][];
  /** Whether the file goes on after the rows. */
  more: boolean;
  delimiter: string;
}

const DELIMITERS = [',', ';', '\t', '|'];

/** Lines that the guess looks at. */
const LOOK_AT = 20;

/**
 * The delimiter that parts the first lines into the most columns that all of them have; a comma
 * where none does.
 */
export function sniff(text: string): string {
  let best = ',';
  let most = 1;
  for (const delimiter of DELIMITERS) {
    const { rows } = parse(text, delimiter, LOOK_AT);
    const widths = rows
      .filter((row) => row.length > 1 || row[0] !== '')
      .map(({ length }) => length);
    const common = widths.length ? Math.min(...widths) : 0;
    if (common > most) [best, most] = [delimiter, common];
  }
  return best;
}

/** The first rows, at most `most`, of a text parted by `delimiter`. */
export function parse(text: string, delimiter: string, most: number): Table {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length < most) {
    const field = text[at] === '"' ? quoted(text, at) : bare(text, at, delimiter);
    row.push(field.value);
    at = field.end;
    if (text[at] === delimiter) {
      at += 1;
      if (at < text.length) continue;
      row.push('');
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    rows.push(row);
    row = [];
  }
  return { rows, more: at < text.length, delimiter };

  function bare(from: string, start: number, stop: string) {
    let end = start;
    while (end < from.length && from[end] !== stop && from[end] !== '\n' && from[end] !== '\r')
      end += 1;
    return { value: from.slice(start, end), end };
  }

  /** A field in quotes; what stands between its end and the delimiter belongs to it. */
  function quoted(from: string, start: number) {
    let value = '';
    let end = start + 1;
    for (;;) {
      const quote = from.indexOf('"', end);
      if (quote < 0) return { value: value + from.slice(end), end: from.length };
      value += from.slice(end, quote);
      end = quote + 1;
      if (from[end] !== '"') break;
      value += '"';
      end += 1;
    }
    const rest = bare(from, end, delimiter);
    return { value: value + rest.value, end: rest.end };
  }
}
