/**
 * How much a drawing grows when its `<use>` elements are followed.
 *
 * Ten levels that each use the one before ten times make a few hundred characters into ten billion
 * shapes, and drawing those holds up the whole page, again at every visit.
 */

/** Elements to draw above which a drawing is not shown. */
export const MAX_DRAWN = 200_000;

const MAX_LEVELS = 100;

/** Whether what `root` holds, with everything that is used again and again, can be drawn. */
export function drawable(root: ParentNode): boolean {
  const uses = [...root.querySelectorAll('use')];
  if (uses.length === 0) return true;
  const byId = new Map<string, Element>();
  for (const element of root.querySelectorAll('[id]'))
    if (!byId.has(element.id)) byId.set(element.id, element);
  const sizes = new Map<Element, number>();
  const sizeOf = (element: Element, depth: number): number => {
    const known = sizes.get(element);
    if (known !== undefined) return known;
    if (depth > MAX_LEVELS) return Infinity;
    // A circle of uses is not drawn by browsers; here it counts as too much.
    sizes.set(element, Infinity);
    let size = 1 + element.querySelectorAll('*').length;
    const inside = element.matches('use') ? [element] : element.querySelectorAll('use');
    for (const use of inside) {
      const target = byId.get(targetOf(use));
      if (target) size += sizeOf(target, depth + 1);
      if (size > MAX_DRAWN) break;
    }
    sizes.set(element, size);
    return size;
  };
  let total = 0;
  for (const use of uses) {
    const target = byId.get(targetOf(use));
    if (target) total += sizeOf(target, 0);
    if (total > MAX_DRAWN) return false;
  }
  return true;
}

/** `drawable` of an SVG image's text; what cannot be parsed draws nothing. */
export function drawableImage(svg: string): boolean {
  if (!svg.includes('use')) return true;
  return drawable(new DOMParser().parseFromString(svg, 'image/svg+xml'));
}

function targetOf(use: Element): string {
  const address = use.getAttribute('href') ?? use.getAttribute('xlink:href') ?? '';
  return address.trim().replace(/^#/, '');
}
