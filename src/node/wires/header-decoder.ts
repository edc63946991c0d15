import { type Inbound, parseMessage, tooLarge } from '../../protocol/index.js';
import { ByteList } from './byte-list.js';
import type { MessageDecoder } from './message-decoder.js';

const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);
const LENGTH = /content-length:[ \t]*(\d{1,15})[ \t]*$/i;
const OTHER_HEADER = /^content-type:/i;
/** Most bytes of a line of a header; the rest of a longer one is read as another. */
const LONGEST_LINE = 4_096;
/** Most characters of a stray line that are told. */
const TOLD = 80;

/**
 * A message behind a header that tells its length, as language servers send it.
 *
 * What stands where a header should stand (a log line, say) is told as malformed and skipped up to the next
 * `Content-Length`: one stray line, or one wrong length, does not end the connection.
 *
 * @internal
 */
export class HeaderDecoder implements MessageDecoder {
  /** What the header says, once it has; the message begins behind the empty line. */
  private length: number | undefined;
  /** Bytes of the message that have not come; `undefined` while its header has not ended. */
  private missing: number | undefined;
  private readonly body = new ByteList();
  /** The message is over the limit, and not kept. */
  private isSkipped = false;
  private rest: Buffer = EMPTY;

  constructor(private readonly limit: number) {}

  push(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
  }

  next(): Inbound | undefined {
    while (this.rest.length > 0 || this.missing === 0) {
      if (this.missing !== undefined) {
        this.readBody(this.missing);
        if (this.missing > 0) return undefined;
        const message = this.takeBody();
        if (message !== undefined) return message;
        continue;
      }
      const line = this.takeLine();
      if (line === undefined) return undefined;
      const wrong = this.readHeader(line);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  end(): Inbound | undefined {
    const isCut = this.length !== undefined || this.rest.toString('latin1').trim() !== '';
    return isCut ? { malformed: new SyntaxError('the stream ended within a message') } : undefined;
  }

  /** Returns what is wrong with the line or the message it announces. */
  private readHeader(line: string): Inbound | undefined {
    if (line === '') {
      this.missing = this.length;
      return undefined;
    }
    if (OTHER_HEADER.test(line)) return undefined;
    const found = LENGTH.exec(line);
    if (found === null) return stray(line);
    const length = Number(found[1]);
    this.length = length;
    this.isSkipped = length > this.limit;
    if (this.isSkipped) return tooLarge(length, this.limit);
    return found.index === 0 ? undefined : stray(line.slice(0, found.index));
  }

  private readBody(missing: number): void {
    const part = this.rest.subarray(0, missing);
    if (!this.isSkipped) this.body.push(part);
    this.rest = this.rest.subarray(part.length);
    this.missing = missing - part.length;
  }

  private takeBody(): Inbound | undefined {
    this.length = undefined;
    this.missing = undefined;
    return this.isSkipped ? undefined : parseMessage(this.body.take().toString('utf8'));
  }

  /** The next line of a header, without its end; `undefined` until it has one. */
  private takeLine(): string | undefined {
    const end = this.rest.subarray(0, LONGEST_LINE).indexOf(NEWLINE);
    if (end < 0 && this.rest.length < LONGEST_LINE) return undefined;
    const size = end < 0 ? LONGEST_LINE : end + 1;
    const line = this.rest.toString('utf8', 0, size).trimEnd();
    this.rest = this.rest.subarray(size);
    return line;
  }
}

function stray(line: string): Inbound {
  return { malformed: new SyntaxError(`not a header: ${line.slice(0, TOLD)}`) };
}
