/**
 * Bytes that come in pieces and are taken as one.
 *
 * Pieces are joined once, when all are there: joining at each would take quadratic time for a message in many chunks.
 *
 * @internal
 */
export class ByteList {
  private pieces: Buffer[] = [];
  private bytes = 0;

  get size(): number {
    return this.bytes;
  }

  push(piece: Buffer): void {
    if (piece.length === 0) return;
    this.pieces.push(piece);
    this.bytes += piece.length;
  }

  /** All of them; nothing is left. */
  take(): Buffer {
    const [first] = this.pieces;
    const all = this.pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.pieces, this.bytes);
    this.clear();
    return all;
  }

  clear(): void {
    this.pieces = [];
    this.bytes = 0;
  }
}
