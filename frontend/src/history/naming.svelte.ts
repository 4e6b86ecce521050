/** Which saved state is being named; menus anywhere ask for it. */
import type { SnapshotInfo } from '../protocol.gen';

class Naming {
  state = $state.raw<SnapshotInfo | null>(null);

  ask(state: SnapshotInfo): void {
    this.state = state;
  }
}

export const naming = new Naming();
