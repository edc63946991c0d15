/** Lets the first bytes of a stream pass and gives up the rest. */
export class OutputCap {
  private left: number;

  /** @param limit Bytes; may be Infinity. */
  constructor(limit: number) {
    this.left = limit;
  }

  /**
   * What may pass of a chunk, and whether the limit was reached with it. Undefined once nothing passes any more: the
   * limit is told once.
   */
  admit(bytes: Uint8Array): { bytes: Uint8Array; capReached: boolean } | undefined {
    if (this.left < 0) return undefined;
    if (bytes.length <= this.left) {
      this.left -= bytes.length;
      return { bytes, capReached: false };
    }
    const admitted = bytes.subarray(0, this.left);
    this.left = -1;
    return { bytes: admitted, capReached: true };
  }
}
