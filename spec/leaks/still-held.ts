import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Remembers an object without holding it, under a name; returns the object. */
export type Watch = <T extends object>(name: string, object: T) => T;

/** How often each thing is done: what is held every time is a leak, not chance. */
export const ROUNDS = 50;

// Collecting garbage takes as long as the machine is busy.
jest.setTimeout(60_000);

/** A stack frame or a register may keep the last object of a kind alive for a while. */
const CHANCE = 2;

/**
 * Does something fifty times and counts, by name, in how many of these rounds a watched object can still be reached afterwards:
 * what one stack frame keeps by chance may be all that a round has made.
 *
 * What `use` returns is what a program would keep: it stays referenced until the count is done, so that a spec can tell
 * "the client has gone" from "the client is there and has let go".
 */
export async function countHeld(use: (watch: Watch, round: number) => unknown): Promise<Record<string, number>> {
  const watched: { readonly name: string; readonly round: number; readonly ref: WeakRef<object> }[] = [];
  const kept: unknown[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const watch: Watch = (name, object) => {
      watched.push({ name, round, ref: new WeakRef(object) });
      return object;
    };
    kept.push(await use(watch, round));
  }
  if (watched.length < ROUNDS) throw new Error('too little was watched to tell anything');
  await collectGarbage();

  const rounds: Record<string, Set<number>> = {};
  for (const { name, round, ref } of watched) {
    const held = (rounds[name] ??= new Set());
    if (ref.deref() !== undefined) held.add(round);
  }
  kept.length = 0;
  return Object.fromEntries(Object.entries(rounds).map(([name, { size }]) => [name, size]));
}

/** As {@link countHeld}, with what is held by chance at most left out: `{}` says that nothing is held. */
export async function stillHeld(use: (watch: Watch, round: number) => unknown): Promise<Record<string, number>> {
  const counts = await countHeld(use);
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > CHANCE));
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let round = 0; round < 2; round += 1) {
    // A WeakRef holds its object until the turn of the event loop that made or read it is over.
    await setImmediate();
    gc();
  }
}
