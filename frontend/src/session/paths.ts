/** Paths of files in the home folder, as the page accepts them. */
import { PlaygroundError } from './errors';

const MAX_PATH_CHARS = 400;

/**
 * The path in its plain form: relative, with `/`, without empty, `.` or `..` parts. Anything that
 * would leave the home folder is refused as `invalid`.
 */
export function homePath(path: unknown): string {
  if (typeof path !== 'string') throw invalid('A path is a text.');
  const trimmed = path.startsWith('./') ? path.slice(2) : path;
  if (!trimmed || trimmed.length > MAX_PATH_CHARS)
    throw invalid(`A path has between 1 and ${MAX_PATH_CHARS} characters.`);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!trimmed.isWellFormed() || /[\\\u0000-\u001f\u007f]/.test(trimmed))
    throw invalid('A path has no backslashes or control characters.');
  const parts = trimmed.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw invalid('A path leads to a file in the home folder, like data/table.csv.');
  return parts.join('/');
}

function invalid(message: string): PlaygroundError {
  return new PlaygroundError('invalid', message);
}
