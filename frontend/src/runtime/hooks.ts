/**
 * What the worker offers to Python: output, input, sleep and deadlines, all in Python's own thread.
 *
 * Waiting here blocks the worker, so it ends as soon as the shared memory says that the run is being
 * stopped: `checkInterrupt` then raises KeyboardInterrupt out of the call.
 */
import type { Pyodide } from './boot';
import type { Control } from './control';
import type { Upward } from './messages';

const SIGINT = 2;

/** Each message counts as this many characters more, so that tiny ones cannot flood either. */
const MESSAGE_COST = 256;

/** How long one wait lasts before it looks around, in ms. */
const WAIT_MS = 1_000;

export class Hooks {
  #run: string | null = null;
  #deadline = Infinity;
  #reported = false;

  constructor(
    private readonly control: Control,
    private readonly pyodide: Pick<Pyodide, 'checkInterrupt'>,
    private readonly post: (message: Upward) => void,
  ) {}

  /** From now on output and questions belong to that execution. */
  begin(id: string): void {
    this.control.clearInterrupt();
    this.#run = id;
  }

  /** An interrupt that comes too late must not hit what runs next. */
  end(): void {
    this.#run = null;
    this.#deadline = Infinity;
    this.control.clearInterrupt();
  }

  forgetInterrupt(): void {
    this.control.clearInterrupt();
  }

  /** The functions that Python gets. */
  readonly offered = {
    output: (json: string): void => this.#output(json),
    input: (prompt: string, password: boolean): string | null => this.#input(prompt, password),
    sleep: (ms: number): void => this.#sleep(ms),
    deadline: (ms: number): void => {
      this.#deadline = ms > 0 ? performance.now() + ms : Infinity;
    },
  };

  /**
   * What Pyodide polls for signals. Not the shared memory itself: deadlines are looked up here, in
   * Python's own thread, where ending one in time cannot race with its coming.
   */
  readonly interruptBuffer = this.#makeBuffer();

  #makeBuffer(): { 0: number } {
    const report = (): number => this.#report();
    const consume = (): void => this.#consume();
    return {
      get 0() {
        return report();
      },
      set 0(_value: number) {
        consume();
      },
    };
  }

  #pending(): number {
    if (this.#run !== null && this.control.interrupted) return SIGINT;
    return this.#deadline !== Infinity && performance.now() >= this.#deadline ? SIGINT : 0;
  }

  #report(): number {
    const signal = this.#pending();
    this.#reported = signal !== 0;
    return signal;
  }

  /** Pyodide writes 0 after every look: only what it has seen is consumed, not what came since. */
  #consume(): void {
    if (!this.#reported) return;
    this.#reported = false;
    this.#deadline = Infinity;
    this.control.clearInterrupt();
  }

  #output(json: string): void {
    const id = this.#run;
    if (id === null) return;
    this.control.charge(json.length + MESSAGE_COST);
    this.post({ type: 'outputs', id, texts: [json] });
    while (this.control.mustWait && !this.#pending()) {
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
      const stopped = this.#pending() !== 0;
      this.pyodide.checkInterrupt();
      // The code has a signal handler of its own, which raised nothing: it shall stop all the same.
      if (stopped) return null;
      this.control.wait(mark, this.#untilDeadline(WAIT_MS));
    }
  }

  #sleep(ms: number): void {
    const end = performance.now() + ms;
    for (;;) {
      const mark = this.control.mark;
      this.pyodide.checkInterrupt();
      const left = end - performance.now();
      if (left <= 0) return;
      this.control.wait(mark, this.#untilDeadline(Math.min(left, WAIT_MS)));
    }
  }

  #untilDeadline(ms: number): number {
    return Math.max(0, Math.min(ms, this.#deadline - performance.now()));
  }
}
