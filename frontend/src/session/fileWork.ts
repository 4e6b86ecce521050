/**
 * Work on files that takes more than one step and must not be disturbed between the steps: each is
 * one task of the lane and one snapshot.
 */
import { words } from '../i18n/errors';
import type { Runtime } from '../runtime/interface';
import { size } from '../ui/format';
import { PlaygroundError } from './errors';
import { homePath } from './paths';
import type { Supervisor } from './supervisor';

export type SaveAnswer =
  | { written: true }
  /** The file held something else than was expected, or (null) was not there: nothing was written. */
  | { written: false; theirs: ArrayBuffer | null };

export type Expects = (present: ArrayBuffer | null) => boolean;

export interface NewFile {
  path: string;
  bytes(): Promise<ArrayBuffer>;
}

/** A file that was not written, and why. */
export interface NotWritten {
  path: string;
  reason: string;
}

export interface FileActions {
  /** What the file holds now: the runner waits for its runtime, others read what was saved. */
  read(path: string): Promise<ArrayBuffer>;
  /** Writes a file if it holds what is expected; null stands for no file. */
  save(path: string, bytes: ArrayBuffer, expects: Expects): Promise<SaveAnswer>;
  rename(from: string, to: string): Promise<void>;
  /** Writes all; one that fails does not keep the others from being written. */
  writeAll(files: readonly NewFile[], done: (count: number) => void): Promise<NotWritten[]>;
  /** Removes all and gives back what was in them. */
  removeAll(paths: readonly string[]): Promise<Map<string, ArrayBuffer>>;
  /** Resolves when all that was written before is on the server. */
  saved(): Promise<unknown>;
}

export class FileWork {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly fileBytes: number,
  ) {}

  read(path: string): Promise<ArrayBuffer> {
    return this.supervisor.queue((runtime) => runtime.readFile(homePath(path)));
  }

  save(path: string, bytes: ArrayBuffer, expects: Expects): Promise<SaveAnswer> {
    return this.supervisor.queue(async (runtime): Promise<SaveAnswer> => {
      this.#fits(bytes);
      const present = await readIfThere(runtime, homePath(path));
      if (present && equal(present, bytes)) return { written: true };
      if (!expects(present)) return { written: false, theirs: present };
      await runtime.writeFile(homePath(path), bytes);
      await this.supervisor.save('files');
      return { written: true };
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.supervisor.queue(async (runtime) => {
      const [source, target] = [homePath(from), homePath(to)];
      if (await readIfThere(runtime, target))
        throw new PlaygroundError('invalid', words.fileThere(target));
      await runtime.writeFile(target, await runtime.readFile(source));
      await runtime.removeFile(source);
      await this.supervisor.save('files');
    });
  }

  writeAll(files: readonly NewFile[], done: (count: number) => void): Promise<NotWritten[]> {
    return this.supervisor.queue(async (runtime) => {
      const failed: NotWritten[] = [];
      for (const [index, file] of files.entries()) {
        try {
          const bytes = await file.bytes();
          this.#fits(bytes);
          await runtime.writeFile(homePath(file.path), bytes);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          failed.push({ path: file.path, reason });
        }
        done(index + 1);
      }
      if (failed.length < files.length) await this.supervisor.save('files');
      return failed;
    });
  }

  removeAll(paths: readonly string[]): Promise<Map<string, ArrayBuffer>> {
    return this.supervisor.queue(async (runtime) => {
      const removed = new Map<string, ArrayBuffer>();
      for (const path of paths.map(homePath)) {
        removed.set(path, await runtime.readFile(path));
        await runtime.removeFile(path);
      }
      await this.supervisor.save('files');
      return removed;
    });
  }

  #fits({ byteLength }: ArrayBuffer): void {
    if (byteLength <= this.fileBytes) return;
    throw new PlaygroundError('too-large', words.fileTooLarge(size(this.fileBytes)));
  }
}

async function readIfThere(runtime: Runtime, path: string): Promise<ArrayBuffer | null> {
  try {
    return await runtime.readFile(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'not-found') return null;
    throw error;
  }
}

function equal(a: ArrayBuffer, b: ArrayBuffer): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const left = new Uint8Array(a);
  const right = new Uint8Array(b);
  return left.every((byte, index) => byte === right[index]);
}
