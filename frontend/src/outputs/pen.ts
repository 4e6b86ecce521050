/**
 * The look of terminal text: what the ANSI codes `ESC [ … m` switch on and off.
 *
 * The sixteen named colours become class names, so that a theme can give each a readable value;
 * palette and true colours become a CSS colour. A pen is never changed, only replaced, and has a
 * bounded size whatever the text says.
 */

/** One of the sixteen colours, a CSS colour, or none. */
export type Colour = number | string | null;

export interface Pen {
  readonly fg: Colour;
  readonly bg: Colour;
  /** A set of bits of `MARKS`. */
  readonly marks: number;
}

export const PLAIN: Pen = { fg: null, bg: null, marks: 0 };

const MARKS = ['bold', 'dim', 'italic', 'underline', 'reverse', 'strike'] as const;
const BIT: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 4, 4: 8, 7: 16, 9: 32 };
const OFF: Readonly<Record<number, number>> = { 21: 1, 22: 3, 23: 4, 24: 8, 27: 16, 29: 32 };

/** The pen after the codes of one `ESC [ codes m`. */
export function applyCodes(pen: Pen, codes: string): Pen {
  const numbers = codes.split(/[;:]/).map((code) => Number(code) || 0);
  let { fg, bg, marks } = pen;
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 0) ({ fg, bg, marks } = PLAIN);
    else if (BIT[code]) marks |= BIT[code];
    else if (OFF[code]) marks &= ~OFF[code];
    else if (code === 39) fg = null;
    else if (code === 49) bg = null;
    else if (code === 38 || code === 48) {
      const { colour, used } = extended(numbers.slice(at + 1, at + 5));
      if (code === 38) fg = colour;
      else bg = colour;
      at += used;
    } else if (named(code, 30) !== null) fg = named(code, 30);
    else if (named(code, 40) !== null) bg = named(code, 40);
  }
  return fg === null && bg === null && marks === 0 ? PLAIN : { fg, bg, marks };
}

export function samePen(one: Pen, other: Pen): boolean {
  return one === other || (one.fg === other.fg && one.bg === other.bg && one.marks === other.marks);
}

/** Class names of a pen, empty for the plain one. */
export function penClasses(pen: Pen): string {
  const names = MARKS.filter((_, bit) => pen.marks & (1 << bit)).map((mark) => `ansi-${mark}`);
  if (typeof pen.fg === 'number') names.push(`ansi-fg-${pen.fg}`);
  if (typeof pen.bg === 'number') names.push(`ansi-bg-${pen.bg}`);
  return names.join(' ');
}

/** 0 to 15 for the colour codes of one plane (30 or 40, bright ones 60 above), or null. */
function named(code: number, plane: 30 | 40): number | null {
  if (code >= plane && code < plane + 8) return code - plane;
  if (code >= plane + 60 && code < plane + 68) return code - plane - 52;
  return null;
}

/** The colour after 38 or 48: `5;n` of the palette or `2;r;g;b`. */
function extended(rest: number[]): { colour: Colour; used: number } {
  const [kind, first = 0, green = 0, blue = 0] = rest;
  if (kind === 5) return { colour: palette(clamp(first)), used: 2 };
  if (kind === 2) return { colour: rgb(clamp(first), clamp(green), clamp(blue)), used: 4 };
  return { colour: null, used: rest.length };
}

function palette(index: number): Colour {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return rgb(grey, grey, grey);
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function rgb(red: number, green: number, blue: number): string {
  return `rgb(${red} ${green} ${blue})`;
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, Math.trunc(value)));
}
