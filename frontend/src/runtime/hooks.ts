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
  /** What Pyodide polls while a deadline runs: it is looked up here, where ending it cannot race. */
  readonly #withDeadline = this.#makeBuffer();

  constructor(
    private readonly control: Control,
    private readonly pyodide: Pick<Pyodide, 'checkInterrupt' | 'setInterruptBuffer'>,
    private readonly post: (message: Upward) => void,
  ) {
    this.#setDeadline(0);
  }

  /** From now on output and questions belong to that execution. */
  begin(id: string): void {
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
    output: (json: string): void => this.#output(json),
    input: (prompt: string, password: boolean): string | null => this.#input(prompt, password),
    sleep: (ms: number): void => this.#sleep(ms),
    deadline: (ms: number): void => this.#setDeadline(ms),
  };

  /**
   * Without a deadline Pyodide polls the shared memory itself. It does so some hundred thousand times
   * a second: an object with a getter would slow down all Python code by four percent.
   */
  #setDeadline(ms: number): void {
    this.#deadline = ms > 0 ? performance.now() + ms : Infinity;
    this.pyodide.setInterruptBuffer(ms > 0 ? this.#withDeadline : this.control.signals);
  }

  #makeBuffer(): { 0: number } {
    const pending = (): boolean => this.#pending();
    const consume = (): void => this.#consume();
    let reported = false;
    return {
      get 0() {
        reported = pending();
        return reported ? SIGINT : 0;
      },
      // Pyodide writes 0 after every look: only what it has seen is consumed.
      set 0(_value: number) {
        if (reported) consume();
        reported = false;
      },
    };
  }

  #pending(): boolean {
    return (
      this.control.interrupted ||
      (this.#deadline !== Infinity && performance.now() >= this.#deadline)
    );
  }

  #consume(): void {
    this.#setDeadline(0);
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
      const stopped = this.#pending();
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
