/**
 * Bounds what parsing takes of the turn of a key.
 *
 * Within each change CodeMirror parses for up to 20 ms, more than a frame has, and a key that opens
 * a block above two thousand lines takes all of it. What is not parsed then is parsed in idle time,
 * and what is seen comes first, so that a few milliseconds do. The bound is no option of the
 * library; where its method should change one day, parsing is as long as it was.
 */
import { ParseContext } from '@codemirror/language';

/** What the library takes within a change, and what it may take here, ms. */
const THEIRS_MS = 20;
const TURN_MS = 5;

type Until = number | (() => boolean);

interface Working {
  work?: (this: unknown, until: Until, upto?: number) => boolean;
}

let bounded = false;

export function boundParsing(): void {
  const prototype = ParseContext.prototype as unknown as Working;
  const { work } = prototype;
  if (bounded || !work) return;
  bounded = true;
  prototype.work = function (until, upto) {
    return work.call(this, until === THEIRS_MS ? TURN_MS : until, upto);
  };
}
