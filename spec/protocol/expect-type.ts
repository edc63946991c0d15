/** Whether two types are the same, not only assignable to each other. */
export type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/** States that something is so; `npm run check` fails if it is not. At run time it does nothing. */
export function expectType<_T extends true>(): void {}
