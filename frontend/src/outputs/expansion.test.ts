import { describe, expect, it } from 'vitest';

import { drawable, drawableImage } from './expansion';

const drawing = (levels: number, times: number, attribute = 'href'): string => {
  const level = (i: number) =>
    `<g id="a${i}">${`<use ${attribute}="#a${i - 1}"/>`.repeat(times)}</g>`;
  const groups = [...Array(levels)].map((_, i) => level(i + 1)).join('');
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">' +
    `<defs><g id="a0"><rect width="1" height="1"/></g>${groups}</defs>` +
    `<use ${attribute}="#a${levels}"/></svg>`
  );
};

describe('drawable', () => {
  it('lets ordinary drawings through', () => {
    expect(drawableImage('<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>')).toBe(true);
    expect(drawableImage(drawing(1, 2_000))).toBe(true);
    expect(drawableImage(drawing(3, 10))).toBe(true);
    expect(drawableImage('not used')).toBe(true);
  });

  it.each(['href', 'xlink:href'])('refuses a drawing that grows without measure (%s)', (name) => {
    const bomb = drawing(11, 10, name);
    expect(drawableImage(bomb)).toBe(false);
    expect(drawable(new DOMParser().parseFromString(`<p>${bomb}</p>`, 'text/html'))).toBe(false);
  });

  it('refuses a chain of uses without end', () => {
    expect(drawableImage(drawing(50, 1))).toBe(true);
    expect(drawableImage(drawing(500, 1))).toBe(false);
  });

  it('counts a circle as too much', () => {
    const circle = '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>';
    const svg = `<svg xmlns="http://www.w3.org/2000/svg">${circle}</svg>`;
    expect(drawableImage(svg)).toBe(false);
  });
});
