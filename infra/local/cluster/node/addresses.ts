/** Pod addresses 10.244.0.2, 10.244.0.3 ...; one that was given back is given again only after all others. */
export class Addresses {
  private readonly taken = new Set<number>();
  private last = 1;

  take(): string {
    do this.last = this.last >= 65_534 ? 2 : this.last + 1;
    while (this.taken.has(this.last));
    this.taken.add(this.last);
    return `10.244.${this.last >> 8}.${this.last & 255}`;
  }

  giveBack(address: string): void {
    const [, , high = 0, low = 0] = address.split('.').map(Number);
    this.taken.delete(high * 256 + low);
  }
}
