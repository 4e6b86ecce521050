/** The texts behind what is different: of functions and classes, and of files. */
import type { BlobRef, Entry } from '../protocol.gen';
import {
  definedAgain,
  definitionIn,
  type FileDifference,
  MOST_TEXT,
  textOf,
  type VariableDifference,
} from './compare';

export interface TextPorts {
  /** All entries, or as many as can be had. */
  entries(): Promise<readonly Entry[]>;
  /** The bytes of a file of a saved state. */
  content(blob: BlobRef): Promise<ArrayBuffer>;
}

/** Before and after. */
export type Texts = readonly [string, string];

/** Whether there may be texts of a variable to compare: it was defined in two entries. */
export function hasTexts({ change, before, after }: VariableDifference): boolean {
  return change === 'changed' && before !== null && after !== null && definedAgain(before, after);
}

/** How a function or class was written in both states; null when that is not known. */
export async function definitions(
  { before, after }: VariableDifference,
  ports: TextPorts,
): Promise<Texts | null> {
  const entries = await ports.entries();
  const [then, now] = [before, after].map((row) => {
    const source = entries.find(({ number }) => number === row?.entry)?.source ?? '';
    return definitionIn(source, row?.line ?? 0);
  });
  return then && now ? [then, now] : null;
}

/** A file in both states, empty where it is not there; null when it is no text, or too long. */
export async function fileTexts(
  { before, after }: FileDifference,
  ports: TextPorts,
): Promise<Texts | null> {
  const texts = await Promise.all(
    [before, after].map(async (blob) => {
      if (!blob) return '';
      return blob.size > MOST_TEXT ? null : textOf(await ports.content(blob));
    }),
  );
  const [then = null, now = null] = texts;
  return then === null || now === null ? null : [then, now];
}
