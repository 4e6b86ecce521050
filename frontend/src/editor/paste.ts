/**
 * Takes prompts and outputs out of a pasted transcript of Python or IPython, so that it runs.
 *
 * A text is taken for a transcript when its first line with something in it begins with a prompt.
 */

const PROMPT = /^\s*(?:>>>|In \[\d*\]:)(?: |$)/;
const CONTINUED = /^\s*\.\.\.:?(?: |$)/;

/** The code of a transcript; null when the text is none. */
export function withoutPrompts(text: string): string | null {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined || !PROMPT.test(first)) return null;
  const kept: string[] = [];
  // A continuation belongs to a prompt; three dots in an output do not.
  let inInput = false;
  for (const line of lines) {
    if (PROMPT.test(line)) kept.push(line.replace(PROMPT, ''));
    else if (inInput && CONTINUED.test(line)) kept.push(line.replace(CONTINUED, ''));
    else {
      inInput = false;
      continue;
    }
    inInput = true;
  }
  return kept
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}
