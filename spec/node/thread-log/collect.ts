import { lastValueFrom, type Observable, toArray } from 'rxjs';

/** All that an observable emits, once it has completed. */
export const collect = <T>(source: Observable<T>): Promise<T[]> => lastValueFrom(source.pipe(toArray()));

/** The one value it emits. */
export const one = async <T>(source: Observable<T>): Promise<T> => {
  const [value, ...rest] = await collect(source);
  expect(rest).toEqual([]);
  return value as T;
};

/** `kept` once it has completed; the reason if it errors. */
export const outcome = (source: Observable<never>): Promise<string> =>
  collect(source).then(
    () => 'kept',
    (error: unknown) => (error as { readonly reason: string }).reason,
  );
