/**
 * Parts an error into where it came from and what it says, so that nothing is shown twice.
 *
 * A traceback mostly ends with what it says, often better than `evalue` does: with the hint "Did you
 * mean", with notes, without the place that a SyntaxError shows above. What stands there is taken.
 */
import type { ErrorOutput } from '../protocol.gen';

export interface PartedError {
  /** The traceback without its end. */
  lines: string;
  /** What follows the name of the exception: empty, or beginning with a colon or a line break. */
  message: string;
}

export function parted(error: Pick<ErrorOutput, 'ename' | 'evalue' | 'traceback'>): PartedError {
  const { ename, evalue, traceback } = error;
  const lines = traceback.flatMap((line) => line.replace(/\n$/, '').split('\n'));
  const at = lines.findLastIndex((line) => says(line, ename, evalue));
  if (at === -1) return { lines: lines.join('\n'), message: evalue && `: ${evalue}` };
  const end = lines.slice(at).join('\n');
  const message = end.slice(end.indexOf(ename) + ename.length);
  return { lines: lines.slice(0, at).join('\n'), message };
}

/** Whether the line begins with the exception's name, maybe after its module's. */
function says(line: string, ename: string, evalue: string): boolean {
  const name = line.split(':', 1)[0] ?? '';
  if (name === line && evalue !== '') return false;
  return name === ename || (name.endsWith(`.${ename}`) && !/\s/.test(name));
}
