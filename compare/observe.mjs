import { setTimeout } from 'node:timers';

/** How long a case waits for what should happen at once. Long enough for a busy machine. */
export const SOON = 2_000;

export const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A promise for the first call of `done`. */
export function once() {
  let done;
  const called = new Promise((resolve) => {
    done = resolve;
  });
  return { called, done };
}

/** Waits until something holds; gives up after some time, since it may never. */
export async function until(holds, within = SOON) {
  for (let waited = 0; waited < within && !holds(); waited += 20) await later(20);
}

/** What becomes of a promise, or of a function that makes one, within some time: its name, or undefined if it goes on. */
export async function outcome(work, within = SOON) {
  try {
    const promise = Promise.resolve(typeof work === 'function' ? work() : work);
    return await Promise.race([promise.then(() => 'answered', nameOf), later(within).then(() => undefined)]);
  } catch (error) {
    return nameOf(error);
  }
}

/** The class of an error, with its code or reason: what a caller can act on. */
export function nameOf(error) {
  const kind = error?.constructor?.name ?? typeof error;
  const code = error?.code ?? error?.reason;
  return code === undefined ? `${kind} "${error?.message}"` : `${kind} ${code}`;
}

/** `3 of 3: Error closed`: how many ended, and the ways they did, each once. */
export function endings(outcomes) {
  const ended = outcomes.filter((what) => what !== undefined);
  if (ended.length === 0) return `none of ${outcomes.length} ends`;
  return `${ended.length} of ${outcomes.length} end: ${[...new Set(ended)].join(', ')}`;
}
