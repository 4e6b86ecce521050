/** The few icons of the page, as paths in a box of 16 by 16, drawn with a line of 1.5. */
export const ICONS = {
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2',
  stop: 'M4 4h8v8H4z',
  play: 'M5 3.5v9l7-4.5z',
  clock: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 4.5V8l2.5 1.5',
  busy: 'M8 1.8A6.2 6.2 0 1 1 1.8 8',
  back: 'M6.5 3 2.5 7l4 4M3 7h6.5a4 4 0 0 1 4 4v1.5',
  cloud: 'M4.5 12.5a3 3 0 0 1-.2-6 4 4 0 0 1 7.6.8 2.6 2.6 0 0 1-.4 5.2z',
  offline: 'M4.5 12.5a3 3 0 0 1-.2-6 4 4 0 0 1 7.6.8 2.6 2.6 0 0 1-.4 5.2zM2.5 2.5l11 11',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.2h10',
  upload: 'M8 10.5V3M4.8 6.2 8 3l3.2 3.2M3 13.2h10',
  trash: 'M2.8 4.5h10.4M6 4.5V2.8h4v1.7M4.2 4.5l.6 8.7h6.4l.6-8.7',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  down: 'M8 3v9.5M4 8.8l4 4 4-4',
  info: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.2v4M8 4.8v.2',
  here: 'M8 14s4.5-4.3 4.5-7.6a4.5 4.5 0 0 0-9 0C3.5 9.7 8 14 8 14zM8 5v2.6',
} as const;

export type IconName = keyof typeof ICONS;
