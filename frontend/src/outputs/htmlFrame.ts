/**
 * Shows HTML that a program made, in a frame where nothing can run and nothing can be asked for.
 *
 * The frame is `sandbox="allow-same-origin"`: without `allow-scripts` no script, handler or
 * `javascript:` address works in it, and the page may measure it. It inherits the page's own
 * Content-Security-Policy, which forbids style attributes and style elements; both are harmless in
 * there, so they are taken out of the markup before it enters the frame and put back through the
 * CSS object model, which the policy does not govern. The document's own policy forbids all
 * addresses but data.
 */

import { drawable } from './expansion';

const POLICY =
  "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data:; " +
  "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

/** The empty document that the frame starts with. */
export const EMPTY = `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${POLICY}"></head><body></body></html>`;

export const MAX_FRAME_HEIGHT = 2_000;

const DROPPED = 'script, meta, base, link, iframe, frame, frameset, object, embed, portal, title';

const BASE_CSS = `
  :root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
  :root[data-look='light'] { color-scheme: light; }
  :root[data-look='dark'] { color-scheme: dark; }
  :root.paper { color-scheme: light; background: #fff; color: #000; }
  body { display: flow-root; margin: 0; padding: 4px; overflow-wrap: anywhere; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: 3px 10px; border: 1px solid #8886; text-align: right; }
  img, svg, video { max-width: 100%; }`;

/** Fills the frame's document; `onSize` hears its height now and whenever it changes. */
export function fillFrame(frame: HTMLIFrameElement, html: string, onSize: (px: number) => void) {
  const target = frame.contentDocument;
  const view = frame.contentWindow as (Window & typeof globalThis) | null;
  if (!target || !view) return () => undefined;
  const source = new DOMParser().parseFromString(html, 'text/html');
  if (!drawable(source)) source.body.textContent = 'This drawing is too large to be shown.';
  const sheets = [BASE_CSS, ...takeStyles(source)];
  const inline = takeStyleAttributes(source);
  target.documentElement.className = setsColours(html) ? 'paper' : '';
  target.body.replaceChildren(
    ...[...source.body.childNodes].map((node) => target.importNode(node, true)),
  );
  target.adoptedStyleSheets = sheets.map((text) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  applyStyles(target, inline);
  target.addEventListener('click', openLink);
  const observer = new ResizeObserver(() => onSize(heightOf(target)));
  observer.observe(target.body);
  onSize(heightOf(target));
  return () => observer.disconnect();
}

/** Shows the document light or dark as the page is; what was made for paper stays light. */
export function showLook(frame: HTMLIFrameElement, chosen: string): void {
  const root = frame.contentDocument?.documentElement;
  if (root) root.dataset['look'] = chosen;
}

/** Takes out what has no business in the frame, and the style elements, whose texts it gives. */
function takeStyles(source: Document): string[] {
  for (const element of source.querySelectorAll(DROPPED)) element.remove();
  return [...source.querySelectorAll('style')].map((style) => {
    style.remove();
    return style.textContent;
  });
}

const MARK = 'data-playground-style';

/** Replaces each style attribute by a number, and gives the styles in the order of the numbers. */
function takeStyleAttributes(source: Document): string[] {
  return [...source.querySelectorAll('[style]')].map((element, number) => {
    const style = element.getAttribute('style') ?? '';
    element.removeAttribute('style');
    element.setAttribute(MARK, String(number));
    return style;
  });
}

function applyStyles(target: Document, styles: readonly string[]): void {
  for (const element of target.querySelectorAll<HTMLElement>(`[${MARK}]`)) {
    element.style.cssText = styles[Number(element.getAttribute(MARK))] ?? '';
    element.removeAttribute(MARK);
  }
}

/** HTML with colours of its own was made for paper: in a dark page it stays light. */
function setsColours(html: string): boolean {
  return /\b(?:background(?:-color)?|color)\s*[:=]|\bbgcolor\b/i.test(html);
}

function heightOf(target: Document): number {
  const root = target.documentElement;
  const scrollbar = root.scrollWidth > root.clientWidth ? 18 : 0;
  const height = Math.ceil(target.body.getBoundingClientRect().height) + scrollbar;
  return Math.min(MAX_FRAME_HEIGHT, height);
}

/** A link opens a page of its own, only by a person's click and only on the web. */
function openLink(event: MouseEvent): void {
  const element = event.target as Element | null;
  const link = element?.closest?.('a[href]');
  if (!link) return;
  const address = link.getAttribute('href') ?? '';
  if (address.startsWith('#')) return;
  event.preventDefault();
  if (event.isTrusted && /^https?:\/\//i.test(address))
    window.open(address, '_blank', 'noopener,noreferrer');
}
