/** Which variable somebody wants to look at from elsewhere on the page, and how. */
interface Wanted {
  name: string;
  /** The inspector, or only its row in the table. */
  as: 'inspector' | 'row';
}

class Finding {
  /** A new object each time, so that the same name can be wanted again. */
  wanted = $state.raw<Wanted | null>(null);

  look(name: string): void {
    this.wanted = { name, as: 'inspector' };
  }

  point(name: string): void {
    this.wanted = { name, as: 'row' };
  }
}

export const finding = new Finding();
