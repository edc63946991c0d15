import type { Inbound } from '../../../src/index.js';
import type { MessageDecoder } from '../../../src/node/wires/message-decoder.js';

/** All that a decoder makes of these chunks; what is malformed as the text of its error. */
export function decode(decoder: MessageDecoder, chunks: readonly Buffer[]): unknown[] {
  const found: unknown[] = [];
  const keep = (inbound: Inbound): void => {
    found.push('malformed' in inbound ? inbound.malformed.message : inbound);
  };
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let inbound = decoder.next(); inbound !== undefined; inbound = decoder.next()) keep(inbound);
  }
  const rest = decoder.end();
  if (rest !== undefined) keep(rest);
  return found;
}

/** These bytes, cut at these places. */
export function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}
