import type { Message } from '../protocol/index.js';

/**
 * About how large a message is: the lengths of the strings in it, names of members included, and 8 for other leaves.
 *
 * Only plain objects and arrays are walked, and each once.
 *
 * @throws TypeError if there is a function or a symbol in it, which no port takes.
 * @internal
 */
export function messageBytes(message: Message): number {
  const met = new Set<object>();
  const rest: unknown[] = [message];
  let bytes = 0;
  while (rest.length > 0) {
    const value = rest.pop();
    switch (typeof value) {
      case 'string':
        bytes += value.length;
        break;
      case 'function':
      case 'symbol':
        throw new TypeError(`a ${typeof value} cannot be posted`);
      case 'object':
        if (value !== null && !met.has(value)) {
          met.add(value);
          bytes += enter(value, rest);
          break;
        }
        bytes += 8;
        break;
      default:
        bytes += 8;
    }
  }
  return bytes;
}

/** Puts the members of an object behind the others; returns the size of the rest of it. */
function enter(value: object, rest: unknown[]): number {
  if (Array.isArray(value)) {
    for (const member of value) rest.push(member);
    return 0;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return 'byteLength' in value && typeof value.byteLength === 'number' ? value.byteLength : 8;
  }
  let bytes = 0;
  for (const [name, member] of Object.entries(value)) {
    bytes += name.length;
    rest.push(member);
  }
  return bytes;
}
