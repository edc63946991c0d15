import { HeaderDecoder } from './header-decoder.js';
import { LineDecoder } from './line-decoder.js';
import type { MessageDecoder } from './message-decoder.js';

/**
 * How one message is told from the next in a stream of bytes.
 *
 * - `lines`: one message a line, as `codex app-server` and MCP send them. Default everywhere.
 * - `content-length`: a header with the length before each, as language servers send them.
 */
export type Framing = 'lines' | 'content-length';

/** Both directions of a framing. @internal */
export interface FramingCodec {
  decoder(maxMessageBytes: number): MessageDecoder;
  /** The bytes of a message, as they go out. */
  encode(json: string): string;
}

const CODECS: Readonly<Record<Framing, FramingCodec>> = {
  lines: {
    decoder: (limit) => new LineDecoder(limit),
    encode: (json) => `${json}\n`,
  },
  'content-length': {
    decoder: (limit) => new HeaderDecoder(limit),
    encode: (json) => `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  },
};

/** @throws TypeError for a name that is no framing. @internal */
export function framingCodec(framing: Framing): FramingCodec {
  if (!Object.hasOwn(CODECS, framing)) throw new TypeError(`"${framing}" is no framing: "lines" or "content-length"`);
  return CODECS[framing];
}
