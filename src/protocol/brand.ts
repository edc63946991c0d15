/**
 * Makes a type guard that recognises an error class across copies of this package.
 *
 * An application may hold the ES module build and the CommonJS build at once; `instanceof` fails between them, a
 * registered symbol does not.
 */
export function brandGuard<T>(brand: symbol): (value: unknown) => value is T {
  return (value): value is T =>
    typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
