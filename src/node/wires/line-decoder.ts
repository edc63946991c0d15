import { type Inbound, parseMessage, tooLarge } from '../../protocol/index.js';
import { ByteList } from './byte-list.js';
import type { MessageDecoder } from './message-decoder.js';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const EMPTY = Buffer.alloc(0);

/**
 * One message a line. `\r\n` ends a line too; empty lines are nothing.
 *
 * A line is bytes until it is whole, so a character that is split between chunks is no matter. One that is over the limit
 * is skipped as it comes, and never held.
 *
 * @internal
 */
export class LineDecoder implements MessageDecoder {
  /** The beginning of a line whose end has not come. */
  private readonly line = new ByteList();
  /** Bytes of the line that were skipped, since it is over the limit. */
  private skipped = 0;
  /** What has come and was not looked at yet. */
  private rest: Buffer = EMPTY;

  constructor(private readonly limit: number) {}

  push(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
  }

  next(): Inbound | undefined {
    for (;;) {
      const end = this.rest.indexOf(NEWLINE);
      this.keep(end < 0 ? this.rest : this.rest.subarray(0, end));
      this.rest = end < 0 ? EMPTY : this.rest.subarray(end + 1);
      if (end < 0) return undefined;
      const message = this.take();
      if (message !== undefined) return message;
    }
  }

  end(): Inbound | undefined {
    // Its newline may be all that is missing.
    return this.take();
  }

  private keep(part: Buffer): void {
    if (this.skipped === 0 && this.line.size + part.length <= this.limit) {
      this.line.push(part);
      return;
    }
    this.skipped += this.line.size + part.length;
    this.line.clear();
  }

  private take(): Inbound | undefined {
    if (this.skipped > 0) {
      const size = this.skipped;
      this.skipped = 0;
      return tooLarge(size, this.limit);
    }
    const line = this.line.take();
    const isEmpty = line.length === 0 || (line.length === 1 && line[0] === RETURN);
    return isEmpty ? undefined : parseMessage(line.toString('utf8'));
  }
}
