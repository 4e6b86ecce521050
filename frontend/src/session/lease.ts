/**
 * The lease: whether this tab is the session's runner, and how it becomes or ceases to be that.
 *
 * A tab whose connection is down goes on under the lease it has. It learns whether it still holds
 * it when it asks again, after everything it could not send was sent.
 */
import type {
  ClientMessage,
  LeaseRefused,
  LeaseWanted,
  Runner,
  SessionState,
} from '../protocol.gen';

const ANSWER_MS = 5_000;
const RESERVED_MS = 3_200;
const RETRY_MS = 1_000;
const TAKEOVER_AGAIN_MS = 10_000;

/** Tabs in the background let one that is looked at go first. */
const BACKGROUND_MS = 400;

export interface LeasePorts {
  /** Known once the page's locks were taken, before it joins. */
  tab(): string;
  client: string;
  /** The person's name as `Runner.member` has it. */
  name(): string;
  mayRun(): boolean;
  /** Whether the session is this person's own: others run nothing here before they ask for it. */
  owns(): boolean;
  state(): SessionState;
  send(message: ClientMessage): boolean;
  granted(fence: number): void;
  /** Another tab is the runner, although this one thought to be. */
  lost(runner: Runner | null): void;
  /** Somebody asks for the lease: finish, save, then call `release`. */
  wanted(wish: LeaseWanted): void;
}

export class Lease {
  #fence = 0;
  #held = false;
  #joined = false;
  #asking = false;
  #wishes = 0;
  /** Whether this tab takes a free lease unasked: the last runner was the same person. */
  #auto: boolean;
  /** Whether this tab has been the runner: then its person has asked for that. */
  #ran = false;
  #tookOverAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: LeasePorts) {
    const { runner } = ports.state();
    this.#auto = ports.owns() && (!runner || this.#isMine(runner));
  }

  /** Whether this tab runs the session, as far as it knows. */
  get held(): boolean {
    return this.#held;
  }

  /** The fencing number of the operations of this tab. */
  get fence(): number {
    return this.#fence;
  }

  /** The page is in step with the server, and its unsent work was sent. */
  joined(): void {
    this.#joined = true;
    this.#evaluate();
  }

  down(): void {
    this.#joined = false;
    this.#endAsking();
    clearTimeout(this.#timer);
  }

  /** The runner in the confirmed state changed. */
  runnerChanged(): void {
    const { runner } = this.ports.state();
    if (runner) this.#auto = this.#isMine(runner) && (this.ports.owns() || this.#ran);
    this.#evaluate();
  }

  /** Something here wants to run: the lease is asked for until `unwant`. */
  want(): void {
    this.#wishes += 1;
    this.#evaluate();
  }

  unwant(): void {
    this.#wishes = Math.max(0, this.#wishes - 1);
  }

  onGranted(fence: number): void {
    this.#endAsking();
    this.#fence = fence;
    this.#held = this.#ran = true;
    this.#tookOverAt = -Infinity;
    this.ports.granted(fence);
  }

  onRefused(refused: LeaseRefused): void {
    this.#endAsking();
    if (this.#held) {
      this.lose(refused.runner);
      return;
    }
    if (!refused.runner) this.#later(RETRY_MS);
    else if (this.#wishes) this.#later(TAKEOVER_AGAIN_MS);
  }

  onWanted(wish: LeaseWanted): void {
    if (this.#held) this.ports.wanted(wish);
  }

  /** Gives the lease up, for `reserved` first. */
  release(reserved: string | null): void {
    if (!this.#held) return;
    this.#held = false;
    this.ports.send({ type: 'release_lease', fence: this.#fence, reserved });
    // The answer is the stream's `set_runner`, which asks again if something here waits.
  }

  /** Another has written, or was granted the lease. */
  lose(runner: Runner | null): void {
    if (!this.#held) return;
    this.#held = false;
    this.ports.lost(runner);
    this.#evaluate();
  }

  #isMine(runner: Runner): boolean {
    return runner.member === this.ports.name();
  }

  #evaluate(): void {
    clearTimeout(this.#timer);
    if (!this.#joined || this.#asking || !this.ports.mayRun()) return;
    const { runner, reserved } = this.ports.state();
    if (runner?.client === this.ports.client && this.#held) return;
    if (this.#held) this.#ask(false);
    else if (!runner) this.#considerFree(reserved);
    else if (runner.tab === this.ports.tab()) this.#ask(false);
    else if (this.#wishes) this.#takeOver();
  }

  #considerFree(reserved: string | null): void {
    if (!this.#wishes && !this.#auto) return;
    if (reserved && reserved !== this.ports.tab()) this.#later(RESERVED_MS);
    else if (this.#wishes || document.visibilityState === 'visible' || reserved) this.#ask(false);
    else this.#timer = setTimeout(() => this.#askIfFree(), BACKGROUND_MS);
  }

  #askIfFree(): void {
    if (this.#joined && !this.#asking && !this.ports.state().runner) this.#ask(false);
  }

  #takeOver(): void {
    const waited = performance.now() - this.#tookOverAt;
    if (waited < TAKEOVER_AGAIN_MS) {
      this.#later(TAKEOVER_AGAIN_MS - waited);
      return;
    }
    this.#tookOverAt = performance.now();
    this.#ask(true);
  }

  #ask(takeover: boolean): void {
    if (!this.ports.send({ type: 'acquire_lease', takeover })) return;
    this.#asking = true;
    this.#answerTimer = setTimeout(() => {
      this.#endAsking();
      this.#evaluate();
    }, ANSWER_MS);
  }

  #endAsking(): void {
    this.#asking = false;
    clearTimeout(this.#answerTimer);
  }

  /** Looks again after a while; until then what was refused is not asked for once more. */
  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.ports.state().reserved && !this.ports.state().runner) this.#askIfFree();
      else this.#evaluate();
    }, ms);
  }
}
