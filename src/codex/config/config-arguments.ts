import { isBareKey, tomlValue, type TomlValue } from './toml-value.js';

/** Settings of codex, as in its `config.toml`. */
export type CodexConfig = Readonly<Record<string, TomlValue | undefined>>;

/**
 * Settings as arguments of the codex program: `-c path.to.key=value` for each.
 *
 * Tables are written key by key, so that they add to those of the user's own file instead of replacing them. Codex cannot
 * quote a part of a path, so a table with a key that needs it is written as one value.
 *
 * @throws TypeError naming the key, for a value TOML cannot say and for a key codex cannot read.
 */
export function configArguments(config: CodexConfig): readonly string[] {
  return Object.entries(config).flatMap(([key, value]) => {
    if (key === '' || /[=\s]/.test(key)) throw new TypeError(`config: "${key}" is no key`);
    return value === undefined ? [] : entry(key, value);
  });
}

function entry(path: string, value: TomlValue): readonly string[] {
  if (isTable(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined) as [string, TomlValue][];
    if (members.length > 0 && members.every(([key]) => isBareKey(key))) {
      return members.flatMap(([key, member]) => entry(`${path}.${key}`, member));
    }
  }
  try {
    return ['-c', `${path}=${tomlValue(value)}`];
  } catch (error) {
    throw new TypeError(`config: ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function isTable(value: TomlValue): value is Readonly<Record<string, TomlValue | undefined>> {
  if (typeof value !== 'object' || (value as unknown) === null) return false;
  return !Array.isArray(value) && !(value instanceof Date);
}
