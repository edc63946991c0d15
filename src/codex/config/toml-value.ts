/** What a TOML document can say. A member that is undefined is left out; TOML has no null. */
export type TomlValue =
  string | number | bigint | boolean | Date | readonly TomlValue[] | { readonly [key: string]: TomlValue | undefined };

const LARGEST = 2n ** 63n;

/**
 * Writes a value in TOML 1.0, on one line: tables inline.
 *
 * @throws TypeError for what TOML cannot say: null, an invalid date, an integer of more than 64 bits, half of a character.
 */
export function tomlValue(value: TomlValue): string {
  switch (typeof value) {
    case 'string':
      return tomlString(value);
    case 'number':
      return tomlNumber(value);
    case 'bigint':
      if (value < -LARGEST || value >= LARGEST) throw new TypeError(`${value} has more than 64 bits`);
      return value.toString();
    case 'boolean':
      return String(value);
    case 'object':
      return tomlObject(value);
    default:
      throw new TypeError(`TOML has no ${typeof value}`);
  }
}

/** Writes one part of a key: bare where that is allowed. */
export function tomlKey(key: string): string {
  return isBareKey(key) ? key : tomlString(key);
}

/** Whether a key needs no quotes. */
export function isBareKey(key: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(key);
}

function tomlString(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new TypeError('a TOML string has no half of a character');
  // The escapes of JSON are a part of TOML's, but for one character that JSON leaves as it is.
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

function tomlNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  // A whole number beyond this is no integer of 64 bits any more, or not the one that was meant.
  return Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

function tomlObject(value: TomlValue & object): string {
  // A caller without types may hand over one.
  if ((value as unknown) === null) throw new TypeError('TOML has no null: leave the member out');
  if (isList(value)) return `[${value.map((member) => tomlValue(member)).join(', ')}]`;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new TypeError('an invalid date');
    return value.toISOString();
  }
  const members = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : `${tomlKey(key)} = ${tomlValue(member)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function isList(value: object): value is readonly TomlValue[] {
  return Array.isArray(value);
}
