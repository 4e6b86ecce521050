/** Which variable somebody wants to look at from elsewhere on the page. */
class Finding {
  /** A new object each time, so that the same name can be wanted again. */
  wanted = $state.raw<{ name: string } | null>(null);

  look(name: string): void {
    this.wanted = { name };
  }
}

export const finding = new Finding();
