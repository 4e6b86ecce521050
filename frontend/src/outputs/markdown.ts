/**
 * Markdown as elements. markdown-it only reads it, with HTML off; each token becomes an element of
 * a fixed list with attributes of a fixed list, so no markup of a program enters the page.
 */
import MarkdownIt from 'markdown-it';

import { words } from '../i18n/outputs';
import type { Formulas } from './formulas';
import { type Formula, formulaAt } from './formulaText';

/** A longer text is shown as it is written. */
export const MAX_MARKDOWN_CHARS = 100_000;

const TAGS = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td em strong s a'.split(' '),
);
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/;

const reader = new MarkdownIt({ html: false, linkify: false, typographer: false, maxNesting: 40 });
// Pictures that are data are let through here and checked below; all other addresses are text.
reader.validateLink = (address) => /^(?:https?:|mailto:|#)/i.test(address) || PICTURE.test(address);
/** How often a formula may still be looked for in the text being read. */
let triesLeft = 0;

reader.inline.ruler.before('escape', 'formula', (state, silent) => {
  const start = state.src[state.pos];
  if ((start !== '$' && start !== '\\') || (triesLeft -= 1) < 0) return false;
  const formula = formulaAt(state.src, state.pos);
  if (!formula) return false;
  if (!silent) state.push('formula', '', 0).meta = { formula };
  state.pos += formula.length;
  return true;
});

type Token = ReturnType<typeof reader.parse>[number];

/** Fills `target` with what the text says. */
export function renderMarkdown(text: string, target: HTMLElement, formulas: Formulas): void {
  target.replaceChildren();
  triesLeft = 5_000;
  build(reader.parse(text, {}), target, formulas);
}

function build(tokens: readonly Token[], root: HTMLElement, formulas: Formulas): void {
  const open: HTMLElement[] = [root];
  for (const token of tokens) {
    const parent = open.at(-1) ?? root;
    if (token.nesting === 1) open.push(opened(token, parent));
    else if (token.nesting === -1) close(open);
    else single(token, parent, formulas);
  }
}

function opened(token: Token, parent: HTMLElement): HTMLElement {
  const element = document.createElement(TAGS.has(token.tag) ? token.tag : 'span');
  if (token.tag === 'a') follow(element as HTMLAnchorElement, attribute(token, 'href'));
  if (token.tag === 'ol') {
    const start = Number(attribute(token, 'start') || 1);
    if (Number.isSafeInteger(start)) (element as HTMLOListElement).start = start;
  }
  const align = /text-align:(left|right|center)/.exec(attribute(token, 'style'))?.[1];
  if (align) element.style.textAlign = align;
  // Paragraphs of a tight list are not shown as such.
  if (token.hidden) element.style.display = 'contents';
  parent.append(element);
  return element;
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? '');
}

function close(open: HTMLElement[]): void {
  const done = open.length > 1 ? open.pop() : undefined;
  if (!(done instanceof HTMLAnchorElement)) return;
  const host = done.dataset['host'];
  if (!host || done.textContent.includes(host)) return;
  const where = document.createElement('span');
  where.className = 'target';
  where.textContent = ` (${host})`;
  done.append(where);
}

/** A link says where it leads, opens apart, and only the web or a mail program. */
function follow(link: HTMLAnchorElement, address: string): void {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return;
  }
  if (!['https:', 'http:', 'mailto:'].includes(url.protocol)) return;
  link.href = url.href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.title = url.href;
  link.dataset['host'] = url.protocol === 'mailto:' ? url.pathname : url.host;
}

function single(token: Token, parent: HTMLElement, formulas: Formulas): void {
  switch (token.type) {
    case 'inline':
      build(token.children ?? [], parent, formulas);
      break;
    case 'text':
      parent.append(token.content);
      break;
    case 'softbreak':
      parent.append('\n');
      break;
    case 'hardbreak':
      parent.append(document.createElement('br'));
      break;
    case 'hr':
      parent.append(document.createElement('hr'));
      break;
    case 'code_inline':
      parent.append(code(token.content));
      break;
    case 'code_block':
    case 'fence':
      parent.appendChild(document.createElement('pre')).append(code(token.content));
      break;
    case 'formula':
      parent.append(formulas.element(token.meta?.['formula'] as Formula));
      break;
    case 'image':
      parent.append(picture(token));
      break;
    default:
      parent.append(token.content);
  }
}

function code(text: string): HTMLElement {
  const element = document.createElement('code');
  element.textContent = text;
  return element;
}

function picture(token: Token): Node {
  const address = attribute(token, 'src');
  const alt = token.children?.map(({ content }) => content).join('') ?? token.content;
  if (!PICTURE.test(address)) return document.createTextNode(words.blockedPicture(alt));
  const image = document.createElement('img');
  image.src = address;
  image.alt = alt;
  return image;
}
