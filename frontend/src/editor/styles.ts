/**
 * Lets CodeMirror bring its styles under a policy without 'unsafe-inline'.
 *
 * Its style-mod writes a `<style>` element into a document, which `style-src 'self'` blocks, but for
 * roots without a head it uses a style sheet made by script, which is allowed. The set of styles of
 * such a root, made here for the document, is then found as the document's own.
 */
import { StyleModule } from 'style-mod';

let adopted = false;

/** To be called before the first editor is made; calling it again does nothing. */
export function adoptStyles(): void {
  if (adopted || !('adoptedStyleSheets' in document)) return;
  adopted = true;
  const root = {
    ownerDocument: document,
    get adoptedStyleSheets() {
      return document.adoptedStyleSheets;
    },
    set adoptedStyleSheets(sheets) {
      document.adoptedStyleSheets = sheets;
    },
  };
  StyleModule.mount(root as unknown as ShadowRoot, []);
  for (const key of Object.getOwnPropertySymbols(root))
    Object.defineProperty(document, key, { value: Reflect.get(root, key), writable: true });
}
