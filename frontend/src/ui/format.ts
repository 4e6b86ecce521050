/** Numbers as people read them: sizes of data, durations, times of day. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `0 B`, `842 B`, `1.4 KB`, `37 MB`. A kilobyte is 1,000 bytes. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

/** `12 ms`, `0.4 s`, `12 s`, `3 min 20 s`, `1 h 4 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 95) return `${Math.max(1, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Making one takes longer than using it a thousand times. */
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A date and time in the reader's own form, for a tooltip. */
export function moment(milliseconds: number): string {
  return MOMENT.format(milliseconds);
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DAY_CLOCK = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'medium' });

/** The time of day; with the day when that is not today. */
export function clock(milliseconds: number, now = Date.now()): string {
  const today = new Date(now).toDateString() === new Date(milliseconds).toDateString();
  return (today ? CLOCK : DAY_CLOCK).format(milliseconds);
}

/** Date and time to the second. */
export function exactMoment(milliseconds: number): string {
  return EXACT.format(milliseconds);
}

/** `1 line`, `20 lines`, `19,960 lines`. */
export function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}
