/**
 * The one lane of work for the runtime: tasks run one after the other, in the order in which they
 * were asked for. A task that fails does not stop those behind it.
 */
export interface Task {
  /** `warm` asks for nothing but that the lane be ready. */
  readonly kind: 'execution' | 'change' | 'warm';
  /** Does the work. It reports its own failure to whoever asked. */
  run(): Promise<void>;
  /** The task will not run: the lane could not be made ready for it. */
  fail(error: unknown): void;
}

export interface LanePorts {
  /** Resolves when a task may run; rejects when none can. */
  prepare(): Promise<void>;
  /** Tasks came or went. */
  changed(): void;
}

export class Lane {
  #tasks: Task[] = [];
  #current: Task | null = null;
  /** The task for which the lane is being made ready; it runs even if a pause comes meanwhile. */
  #next: Task | null = null;
  #paused = false;
  #looping = false;
  #waiting: { after: Set<Task>; done(): void }[] = [];

  constructor(private readonly ports: LanePorts) {}

  get tasks(): readonly Task[] {
    return this.#tasks;
  }

  /** Whether nothing runs or waits. */
  get idle(): boolean {
    return !this.#current && !this.#tasks.length;
  }

  /** Whether a task is being run just now. */
  get busy(): boolean {
    return this.#current !== null;
  }

  add(task: Task): void {
    this.#tasks.push(task);
    this.ports.changed();
    void this.#loop();
  }

  remove(task: Task): void {
    const before = this.#tasks.length;
    this.#tasks = this.#tasks.filter((other) => other !== task);
    if (this.#tasks.length === before) return;
    this.#ended(task);
  }

  /** Lets what has begun end and starts no further task; resolves when none runs. */
  async pause(): Promise<void> {
    this.#paused = true;
    const begun = this.#current ?? this.#next;
    if (begun) await this.#after(new Set([begun]));
  }

  resume(): void {
    this.#paused = false;
    void this.#loop();
  }

  /** Resolves when all tasks asked for until now have ended. */
  settled(): Promise<void> {
    const tasks = new Set(this.#tasks);
    if (this.#current) tasks.add(this.#current);
    return this.#after(tasks);
  }

  #after(tasks: Set<Task>): Promise<void> {
    if (!tasks.size) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ after: tasks, done }));
  }

  async #loop(): Promise<void> {
    if (this.#looping) return;
    this.#looping = true;
    while (this.#tasks.length && !this.#paused) {
      try {
        this.#next = this.#tasks[0] ?? null;
        await this.ports.prepare();
      } catch (error) {
        this.#next = null;
        for (const task of this.#tasks.splice(0)) {
          task.fail(error);
          this.#ended(task);
        }
        break;
      }
      const removed = !this.#next || !this.#tasks.includes(this.#next);
      this.#next = null;
      if (this.#paused && removed) break;
      await this.#runNext();
    }
    this.#looping = false;
  }

  async #runNext(): Promise<void> {
    const task = this.#tasks.shift();
    if (!task) return;
    this.#current = task;
    this.ports.changed();
    try {
      await task.run();
    } catch (error) {
      task.fail(error);
    }
    this.#current = null;
    this.#ended(task);
  }

  #ended(task: Task): void {
    for (const waiter of this.#waiting) waiter.after.delete(task);
    const done = this.#waiting.filter(({ after }) => !after.size);
    this.#waiting = this.#waiting.filter(({ after }) => after.size);
    for (const waiter of done) waiter.done();
    this.ports.changed();
  }
}
