import type { Inbound } from '../../protocol/index.js';

/**
 * Turns the bytes of a stream into messages, one framing each.
 *
 * It is asked for messages one by one, so that whoever pauses in the middle of a chunk gets no more of it.
 *
 * @internal
 */
export interface MessageDecoder {
  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void;
  /** The next message, or what is none; `undefined` until more bytes come. */
  next(): Inbound | undefined;
  /** The stream has ended: what is left of it, if anything. */
  end(): Inbound | undefined;
}
