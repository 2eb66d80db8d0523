/** Wakes one waiter; a ring that comes while nobody waits is kept. */
export class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  async wait(): Promise<void> {
    if (!this.rung) await new Promise<void>((resolve) => (this.wake = resolve));
    this.rung = false;
    this.wake = undefined;
  }
}
