import type { CloseInfo } from '../protocol/index.js';

/** The end was an orderly one. */
const NORMAL = 1_000;
/** The other side leaves: a page is closed, a server goes down. */
const GOING_AWAY = 1_001;
/** The peer closed and gave no code. Never on the wire. */
const NO_STATUS = 1_005;
/** There was no closing handshake. Never on the wire. */
const ABNORMAL = 1_006;
/** A message was over the receiver's limit. Sent by the socket itself. */
export const TOO_BIG = 1_009;
/** Of the range for applications, since a browser lets a page send no other but 1000: something went wrong. */
const FAILED = 4_000;

/** Bytes the reason in a close frame may have. */
const REASON_BYTES = 123;

/** What is told to a WebSocket's peer when a wire ends so. */
export function toCloseFrame({ reason, orderly }: CloseInfo): { readonly code: number; readonly reason: string } {
  return { code: orderly ? NORMAL : FAILED, reason: cut(reason) };
}

/** How a wire ended whose WebSocket was closed so. */
export function fromCloseFrame(code: number, reason: string): CloseInfo {
  switch (code) {
    case NORMAL:
    case NO_STATUS:
      return { reason: reason || 'peer closed', orderly: true };
    case GOING_AWAY:
      return { reason: reason || 'peer went away', orderly: true };
    case ABNORMAL:
      return { reason: reason || 'connection lost', orderly: false };
    case TOO_BIG:
      return { reason: reason || 'a message was over the limit', orderly: false };
    default:
      return { reason: reason || `closed with code ${code}`, orderly: false };
  }
}

/** As much of the text as fits into a close frame, in whole characters. */
function cut(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += sizeOf(character.codePointAt(0) ?? 0);
    if (bytes > REASON_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function sizeOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
