/** Hands the lease to a tab that asked: what runs is finished and saved first. */
import type { Lease } from './lease';
import type { Lane } from './lane';
import type { Sender } from './sender';
import type { Snapshots } from './snapshots';

export interface HandoverPorts {
  lane(): Lane;
  lease(): Lease;
  own(): Sender;
  snapshots: Snapshots;
  /** The lease is given up: the runtime goes. */
  left(): void;
}

export class Handover {
  #current: object | null = null;

  constructor(private readonly ports: HandoverPorts) {}

  async begin(tab: string): Promise<void> {
    if (this.#current) return;
    const current = {};
    this.#current = current;
    await this.ports.lane().pause();
    await this.ports.snapshots.idle();
    await this.ports.own().drained();
    if (this.#current !== current) return;
    this.#current = null;
    this.ports.lease().release(tab);
    this.ports.left();
    this.ports.lane().resume();
  }

  /** The connection broke: nobody can take over now, and code goes on here. */
  cancel(): void {
    if (!this.#current) return;
    this.#current = null;
    this.ports.lane().resume();
  }
}
