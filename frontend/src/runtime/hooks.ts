/**
 * What the worker offers to Python: output, input, sleep and deadlines, all in Python's own thread.
 *
 * Waiting here blocks the worker, so it ends as soon as the shared memory says that the run is being
 * stopped: `checkInterrupt` then raises KeyboardInterrupt out of the call.
 */
import type { Pyodide } from './boot';
import type { Control } from './control';
import type { Upward } from './messages';

/** Each message counts as this many characters more, so that tiny ones cannot flood either. */
const MESSAGE_COST = 256;

/** How long one wait lasts before it looks around, in ms. */
const WAIT_MS = 1_000;

export class Hooks {
  #run: string | null = null;

  constructor(
    private readonly control: Control,
    private readonly pyodide: Pick<Pyodide, 'checkInterrupt' | 'setInterruptBuffer'>,
    private readonly post: (message: Upward) => void,
  ) {
    this.#setDeadline(0);
  }

  /** From now on output and questions belong to that execution. */
  begin(id: string): void {
    this.#setDeadline(0);
    this.control.clearInterrupt();
    this.#run = id;
  }

  /** An interrupt that comes too late must not hit what runs next. */
  end(): void {
    this.#run = null;
    this.#setDeadline(0);
    this.control.clearInterrupt();
  }

  forgetInterrupt(): void {
    this.control.clearInterrupt();
  }

  /** The functions that Python gets. */
  readonly offered = {
    started: (): void => this.#started(),
    output: (json: string): void => this.#output(json),
    input: (prompt: string, password: boolean): string | null => this.#input(prompt, password),
    sleep: (ms: number): void => this.#sleep(ms),
    deadline: (ms: number): void => this.#setDeadline(ms),
  };

  /**
   * Pyodide polls the shared memory itself, some hundred thousand times a second, and always the
   * same kind of object: with two kinds in turn the engine's cache of that access fails, and all
   * Python code runs a third slower. So the frame enforces deadlines, by the same memory.
   */
  #setDeadline(ms: number): void {
    this.control.setDeadline(ms);
    this.pyodide.setInterruptBuffer(this.control.signals);
  }

  #started(): void {
    if (this.#run !== null) this.post({ type: 'started', id: this.#run });
  }

  #output(json: string): void {
    const id = this.#run;
    if (id === null) return;
    this.control.charge(json.length + MESSAGE_COST);
    this.post({ type: 'outputs', id, texts: [json] });
    while (this.control.mustWait && !this.control.interrupted) {
      const mark = this.control.mark;
      if (this.control.mustWait) this.control.wait(mark, WAIT_MS);
    }
  }

  #input(prompt: string, password: boolean): string | null {
    const id = this.#run;
    if (id === null) return null;
    this.control.expectAnswer();
    this.post({ type: 'input', id, prompt, password });
    for (;;) {
      const mark = this.control.mark;
      const answer = this.control.takeAnswer();
      if (answer !== null) return answer;
      const stopped = this.control.interrupted;
      this.pyodide.checkInterrupt();
      // The code has a signal handler of its own, which raised nothing: it shall stop all the same.
      if (stopped) return null;
      this.control.wait(mark, WAIT_MS);
    }
  }

  #sleep(ms: number): void {
    const end = performance.now() + ms;
    for (;;) {
      const mark = this.control.mark;
      this.pyodide.checkInterrupt();
      const left = end - performance.now();
      if (left <= 0) return;
      this.control.wait(mark, Math.min(left, WAIT_MS));
    }
  }
}
