/** Objects a message has at most, commonly: up to then it costs more to remember them than to walk one twice. */
const FEW = 1_000;

/**
 * About how large a message is: the lengths of the strings in it, names of members included, and 8 for other leaves.
 *
 * Only plain objects and arrays are walked. Those of a message with a circle, or with very many, are walked once each.
 *
 * @throws TypeError if there is a function or a symbol in it, which no port takes.
 * @internal
 */
export function messageBytes(message: unknown): number {
  const quick = new Walk(undefined);
  const bytes = quick.add(message);
  return quick.objects <= FEW ? bytes : new Walk(new Set()).add(message);
}

class Walk {
  objects = 0;

  constructor(private readonly met: Set<object> | undefined) {}

  add(value: unknown): number {
    switch (typeof value) {
      case 'string':
        return value.length;
      case 'object':
        return value === null ? 8 : this.addObject(value);
      case 'function':
      case 'symbol':
        throw new TypeError(`a ${typeof value} cannot be posted`);
      default:
        return 8;
    }
  }

  private addObject(value: object): number {
    this.objects += 1;
    if (this.met === undefined ? this.objects > FEW : this.met.has(value)) return 8;
    this.met?.add(value);
    let bytes = 0;
    if (Array.isArray(value)) {
      for (const member of value) bytes += this.add(member);
      return bytes;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      return 'byteLength' in value && typeof value.byteLength === 'number' ? value.byteLength : 8;
    }
    // Plain objects inherit nothing, and making an array of their entries costs as much as all the rest.
    for (const name in value) bytes += name.length + this.add((value as Readonly<Record<string, unknown>>)[name]);
    return bytes;
  }
}
