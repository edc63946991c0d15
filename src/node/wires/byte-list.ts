/** A piece of so many bytes is kept as it is. */
const LARGE = 65_536;

/**
 * Bytes that come in pieces and are taken as one.
 *
 * Large pieces are joined once, when all are there: joining at each would take quadratic time for a message in many
 * chunks. Small ones are joined with those before them that are no larger, so that a peer that sends byte by byte costs
 * little more than its bytes: each is copied as often as the size can be doubled.
 *
 * @internal
 */
export class ByteList {
  private pieces: Buffer[] = [];
  private bytes = 0;

  get size(): number {
    return this.bytes;
  }

  /** How many pieces they are held in. */
  get count(): number {
    return this.pieces.length;
  }

  push(piece: Buffer): void {
    if (piece.length === 0) return;
    this.bytes += piece.length;
    let joined = piece;
    for (let last = this.pieces.at(-1); joined.length < LARGE; last = this.pieces.at(-1)) {
      if (last === undefined || last.length > joined.length) break;
      this.pieces.pop();
      joined = Buffer.concat([last, joined]);
    }
    this.pieces.push(joined);
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
