import { firstValueFrom, from, map, race, timer } from 'rxjs';

import { messageOf } from '../../protocol/index.js';
import { answerCases } from './answer-cases.js';
import { commandLaneCases } from './command-lane-cases.js';
import { ConformanceError } from './conformance-error.js';
import type { ConformanceHarness } from './conformance-harness.js';
import { endCases } from './end-cases.js';
import { eventLaneCases } from './event-lane-cases.js';
import { faultCases, seededCases } from './fault-cases.js';
import { serverRequestCases } from './server-request-cases.js';
import { sessionCases } from './session-cases.js';
import { slowReaderCases } from './slow-reader-cases.js';
import { Trial } from './trial.js';
import type { TrialCase } from './trial-case.js';

/** One rule, to be tried over one kind of wire. */
export interface ConformanceCase {
  /** The rule's id: `C2`. */
  readonly rule: string;
  /** The fact, with the rule before it and its seed if it has one. No two cases have the same. */
  readonly name: string;
  /** Tries it over a new wire. Rejects with a `ConformanceError` that says what was seen instead. */
  run(): Promise<void>;
}

/** What is tried, and for how long. */
export interface ConformanceOptions {
  /** For the cases that leave to chance what goes wrong; the name of such a case has its seed. Default 1, 2 and 3. */
  readonly seeds?: readonly number[];
  /** Milliseconds after which a case is given up. It proves nothing, it only ends. Default 60,000. */
  readonly limit?: number;
}

/**
 * Lists the rules of this library that can be seen through a wire, each with a function that tries it.
 *
 * A real client is at one end and a real server at the other, so what is tried is the wire between them, and both of
 * them over it: order, exactly one answer, gaps and their account, what a full sink and a lost peer do. Cases that need
 * what the wire cannot show are left out.
 *
 * **Use it when** you have written a wire. **Rather use** {@link fakeWire} when a spec is about a client or a server.
 *
 * - Runs under any test runner, or none: a case is a name and a function that returns a promise.
 * - Waits for events, never for time; `limit` only ends what hangs.
 * - Faults are marbles or seeds. A case that fails prints them, and with them it can be had again.
 *
 * @example A wire over a pair of streams
 * ```ts
 * import { PassThrough } from 'node:stream';
 *
 * const streams: ConformanceHarness = {
 *   name: 'streams',
 *   abilities: ['sink', 'kill'],
 *   connect: () => {
 *     const [up, down] = [new PassThrough(), new PassThrough()];
 *     startConformanceServer(streamWire({ readable: up, writable: down }));
 *     return {
 *       wire: streamWire({ readable: down, writable: up }),
 *       kill: () => down.destroy(),
 *     };
 *   },
 * };
 * for (const { name, run } of conformanceCases(streams)) it(name, run);
 * ```
 * @param harness How to open the wire, and what it can show.
 * @see {@link startConformanceServer}, because it is at the other end.
 */
export function conformanceCases(
  harness: ConformanceHarness,
  { seeds = [1, 2, 3], limit = 60_000 }: ConformanceOptions = {},
): readonly ConformanceCase[] {
  const all = [
    ...commandLaneCases,
    ...answerCases,
    ...eventLaneCases,
    ...slowReaderCases,
    ...serverRequestCases,
    ...sessionCases,
    ...endCases,
    ...faultCases,
    ...seededCases(seeds),
  ];
  const abilities = harness.abilities ?? [];
  return all
    .filter(({ needs }) => needs === undefined || abilities.includes(needs))
    .map((one) => ({
      rule: one.rule,
      name: `${one.rule}: ${one.name}`,
      run: () => tryCase(one, harness, limit),
    }));
}

async function tryCase({ rule, body }: TrialCase, harness: ConformanceHarness, limit: number): Promise<void> {
  const link = await harness.connect();
  const trial = new Trial(rule, link, harness.abilities ?? []);
  const overdue = timer(limit).pipe(map(() => trial.broken(`nothing more has happened for ${limit} ms`)));
  try {
    await firstValueFrom(race(from(body(trial)), overdue));
  } catch (error) {
    if (error instanceof ConformanceError) throw error;
    trial.broken(messageOf(error), error);
  } finally {
    link.wire.close();
    await link.dispose?.();
  }
}
