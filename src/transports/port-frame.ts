import type { Message } from '../protocol/index.js';

/**
 * What the two ends of a port say to each other apart from messages.
 *
 * - `hello`, own name, name of the end it was heard from or `null`, messages and bytes the other end may have posted before
 *   they are taken;
 * - `more`, which asks for credit; the answer is `taken`, how many messages the reader has taken since the hello;
 * - `void`, in the place of a message that could not be posted;
 * - `ping`, and `pong` for it;
 * - `close`, the reason, and whether it is an orderly end.
 *
 * @internal
 */
export type PortWord =
  | readonly ['hello', string, string | null, number, number]
  | readonly ['more']
  | readonly ['taken', number]
  | readonly ['void']
  | readonly ['ping']
  | readonly ['pong']
  | readonly ['close', string, boolean];

/** A message is an object, a word an array: no member of a message can make one of it. @internal */
export type PortFrame = Message | PortWord;

/** What is posted at once. @internal */
export interface PortPacket {
  readonly sluice: readonly PortFrame[];
}

/** The frames of a packet, unchecked; `undefined` for what is none. @internal */
export function framesOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null || !('sluice' in value)) return undefined;
  return Array.isArray(value.sluice) ? value.sluice : undefined;
}

/** Whether the array is a word, with all that belongs to it. @internal */
export function isPortWord(frame: readonly unknown[]): frame is PortWord {
  const [word, first, second, messages, bytes] = frame;
  switch (word) {
    case 'hello':
      return (
        typeof first === 'string' &&
        (second === null || typeof second === 'string') &&
        isCount(messages) &&
        isCount(bytes)
      );
    case 'taken':
      return isCount(first);
    case 'close':
      return typeof first === 'string' && typeof second === 'boolean';
    case 'more':
    case 'void':
    case 'ping':
    case 'pong':
      return true;
    default:
      return false;
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
