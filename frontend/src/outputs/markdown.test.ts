import { describe, expect, it, vi } from 'vitest';

import { Formulas } from './formulas';
import { formulaAt, formulaPieces } from './formulaText';
import { renderMarkdown } from './markdown';

// KaTeX looks for a page with a doctype when it is loaded; happy-dom says it has none.
vi.hoisted(() => Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat' }));

function made(text: string): HTMLElement {
  const target = document.createElement('div');
  renderMarkdown(text, target, new Formulas());
  return target;
}

const ALLOWED =
  /^(?:p|h[1-6]|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|em|strong|s|a|span|code|pre|br|hr|img|math|semantics|annotation|m[a-z]+)$/i;

describe('Markdown', () => {
  it('becomes elements', () => {
    const target = made('# Title\n\n* one\n* **two**\n\n`code` ~~gone~~\n\n| a |\n|--:|\n| 1 |');
    expect(target.querySelector('h1')?.textContent).toBe('Title');
    expect(target.querySelectorAll('li')).toHaveLength(2);
    expect(target.querySelector('strong')?.textContent).toBe('two');
    expect(target.querySelector('td')?.textContent).toBe('1');
    expect(target.querySelector('s')?.textContent).toBe('gone');
  });

  it('shows where a link leads and opens it apart', () => {
    const link = made('[your bank](https://evil.example/x)').querySelector('a');
    expect(link?.textContent).toBe('your bank (evil.example)');
    expect(link?.rel).toContain('noopener');
    expect(link?.target).toBe('_blank');
    expect(made('<https://a.example/b>').textContent.trim()).toBe('https://a.example/b');
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<iframe srcdoc="x"></iframe>',
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](data:text/html,<script>1</script>)',
    '[a](vbscript:x) [b](file:///etc/passwd) [c](//host/x) [d](/sessions)',
    '![a](https://tracker.example/a.png)',
    '![a](data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=)',
    '![a](blob:https://x/1)',
    '[a]: javascript:alert(1)\n\n[a] ![a]',
    '$\\href{javascript:alert(1)}{x}$',
    '$\\includegraphics[height=1em]{https://tracker.example/a.png}$',
    '$\\htmlClass{a}{x} \\htmlStyle{color:red}{y} \\htmlData{a=b}{z}$',
    '$\\url{https://tracker.example}$',
    '`<b>` &lt;b&gt; \\<b\\>',
    '|<b>|\n|-|\n|<img src=x>|',
    '```html" onload="x\n<b>\n```',
  ])('%j brings in nothing', (text) => {
    const target = made(text);
    for (const element of target.querySelectorAll('*')) {
      expect(element.tagName).toMatch(ALLOWED);
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|^srcdoc$|^action$/);
        expect(value).not.toMatch(
          /^\s*(?:javascript|vbscript|file|blob|data:text|data:image\/svg)/i,
        );
      }
    }
    expect(target.querySelector('img, script, iframe')).toBeNull();
    for (const link of target.querySelectorAll('a[href]'))
      expect(link.getAttribute('href')).toMatch(/^https?:/);
  });

  it('shows pictures that are data', () => {
    const image = made('![a dot](data:image/png;base64,iVBORw0KGgo=)').querySelector('img');
    expect(image?.alt).toBe('a dot');
  });

  it.each([
    ['deep quotes', '>'.repeat(20_000)],
    ['many stars', '*a **'.repeat(10_000)],
    ['many brackets', '['.repeat(50_000)],
    ['many dollars', '$'.repeat(50_000)],
    ['open formulas', '\\(a'.repeat(20_000)],
    ['many formulas', '$x^2$ '.repeat(3_000)],
    ['a macro that grows', '$\\def\\a{\\b\\b}\\def\\b{\\a\\a}\\a$'],
    ['a deep formula', `$${'{'.repeat(1_400)}x${'}'.repeat(1_400)}$`],
    ['a huge rule', '$\\rule{1e9em}{1e9em}$'],
  ])('survives %s', (_, text) => {
    const started = performance.now();
    expect(made(text).childNodes.length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('formulas', () => {
  it('are MathML', () => {
    const target = made('so $x^2$ and\n\n$$\\frac{1}{2}$$');
    expect(target.querySelectorAll('math')).toHaveLength(2);
    expect(target.querySelector('.block mfrac')).not.toBeNull();
  });

  it('that cannot be read stay as written', () => {
    expect(made('$\\frac{1}$').querySelector('code')?.textContent).toBe('\\frac{1}');
  });

  it('are not prices', () => {
    expect(made('It costs $5 or $6 a day').querySelector('math')).toBeNull();
    expect(made('$a$5').querySelector('math')).toBeNull();
    expect(made('\\$a\\$').textContent).toBe('$a$');
  });

  it('are found in a text', () => {
    const pieces = formulaPieces('a $x$ b \\(y\\) \\[z\\] \\begin{align}q\\end{align}');
    expect(pieces.map((piece) => (typeof piece === 'string' ? piece : piece.display))).toEqual([
      'a ',
      false,
      ' b ',
      false,
      ' ',
      true,
      ' ',
      true,
    ]);
    expect(formulaAt('$x', 0)).toBeNull();
    expect(formulaAt('$$x$$', 0)?.length).toBe(5);
  });
});
