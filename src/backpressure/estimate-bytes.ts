/**
 * A cheap guess at the size of an event: the lengths of the strings in it, its keys included, and 8 for other leaves.
 *
 * Costs as much as the event has members, however long its strings are. Walks plain objects and arrays; anything else
 * counts as a leaf, and so does an object it has met before.
 */
export function estimateBytes(event: unknown): number {
  const met = new Set<object>();
  const rest: unknown[] = [event];
  let bytes = 0;
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value === 'string') {
      bytes += value.length;
    } else if (ArrayBuffer.isView(value)) {
      bytes += value.byteLength;
    } else if (isWalkable(value) && !met.has(value)) {
      met.add(value);
      if (Array.isArray(value)) {
        for (const member of value) rest.push(member);
      } else {
        for (const [key, member] of Object.entries(value)) {
          bytes += key.length;
          rest.push(member);
        }
      }
    } else {
      bytes += 8;
    }
  }
  return bytes;
}

function isWalkable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
