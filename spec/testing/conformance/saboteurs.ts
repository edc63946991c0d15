import { PassThrough } from 'node:stream';

import { concatMap, from, map } from 'rxjs';

import { inProcessWires } from '../../../src/in-process/index.js';
import type { Inbound, Message, RequestId, Wire } from '../../../src/index.js';
import { streamWire } from '../../../src/node/index.js';
import { Trial } from '../../../src/testing/conformance/trial.js';
import type { TrialCase } from '../../../src/testing/conformance/trial-case.js';
import { type ConformanceLink, startConformanceServer } from '../../../src/testing/index.js';

/** What somebody does to a wire who wants a rule broken. What is returned passes in its place. */
export interface Saboteur {
  inbound?(message: Inbound): readonly Inbound[];
  outbound?(message: Message): readonly Message[];
  /** `send` never says that the sink is full, and input is never paused. */
  readonly hasNoSink?: boolean;
}

const isEvent = (message: Inbound): boolean => 'method' in message && !('id' in message);

/** Each breaks the rules in a way of its own. They are made anew for each wire, since some remember. */
export const saboteurs: Readonly<Record<string, () => Saboteur>> = {
  'another result': () => ({
    inbound: (message) => ['result' in message && message.id !== 0 ? { ...message, result: 'another' } : message],
  }),
  'another error': () => ({
    inbound: (message) => ['error' in message ? { ...message, error: { code: 1, message: 'another' } } : message],
  }),
  'an error becomes a result': () => ({
    inbound: (message) => ['error' in message && message.id !== null ? { id: message.id, result: {} } : message],
  }),
  'events are lost': () => ({ inbound: (message) => (isEvent(message) ? [] : [message]) }),
  'every other event is lost': () => {
    let n = 0;
    return { inbound: (message) => (isEvent(message) && (n += 1) % 2 === 0 ? [] : [message]) };
  },
  'events come twice': () => ({ inbound: (message) => (isEvent(message) ? [message, message] : [message]) }),
  'questions are lost': () => ({ inbound: (message) => ('method' in message && 'id' in message ? [] : [message]) }),
  'the peer sees another method': () => ({
    outbound: (message) => [
      'method' in message && message.method === 'echo' ? { ...message, method: 'count' } : message,
    ],
  }),
  'nothing can be told': () => ({
    outbound: (message) => ('method' in message && !('id' in message) ? [] : [message]),
  }),
  'the handshake announces nothing': () => ({
    outbound: (message) => [
      'method' in message && message.method === 'initialize' ? { ...message, params: {} } : message,
    ],
  }),
  'diagnostics are kept back': () => ({
    inbound: (message) => ('malformed' in message || ('id' in message && message.id === null) ? [] : [message]),
  }),
  'answers come in pairs, the second first': () => {
    let kept: Inbound | undefined;
    return {
      inbound: (message) => {
        if (!('result' in message) || typeof message.result !== 'number') return [message];
        const first = kept;
        kept = first === undefined ? message : undefined;
        return first === undefined ? [] : [message, first];
      },
    };
  },
  'what is held is answered by somebody else': () => {
    const ids: RequestId[] = [];
    return {
      outbound: (message) => {
        if ('method' in message && 'id' in message && message.method === 'hold') ids.push(message.id);
        return [message];
      },
      inbound: (message) => [message, ...ids.splice(0).map((id) => ({ id, result: 'x' }))],
    };
  },
  'there is no sink': () => ({ hasNoSink: true }),
};

/** A link over streams or in process, with a saboteur on the client's end. */
function link({ inbound, outbound, hasNoSink }: Saboteur, overStreams: boolean): ConformanceLink {
  const [wire, kill] = overStreams ? streams(hasNoSink === true) : inProcess();
  const sabotaged: Wire = {
    ...(wire.local !== undefined && { local: wire.local }),
    inbound$: wire.inbound$.pipe(concatMap((message) => from(inbound?.(message) ?? [message]))),
    send: (message) => (outbound?.(message) ?? [message]).map((one) => wire.send(one)).every(Boolean),
    writable$: wire.writable$,
    closed$: wire.closed$.pipe(map((info) => info)),
    ...(hasNoSink !== true && { pause: () => wire.pause?.(), resume: () => wire.resume?.() }),
    close: (info) => wire.close(info),
  };
  return { wire: sabotaged, kill };
}

function inProcess(): readonly [Wire, () => void] {
  const [client, server] = inProcessWires();
  startConformanceServer(server);
  return [client, () => server.close({ reason: 'gone', orderly: false })];
}

function streams(isEndless: boolean): readonly [Wire, () => void] {
  const [up, down] = [new PassThrough(), new PassThrough()];
  startConformanceServer(
    streamWire({ readable: up, writable: down, ...(isEndless && { highWaterMark: Number.MAX_SAFE_INTEGER }) }),
  );
  return [streamWire({ readable: down, writable: up }), () => down.destroy()];
}

/** Whether a case holds, within a time that is generous for one that does not hang. */
export async function holds(one: TrialCase, saboteur: Saboteur): Promise<boolean> {
  const opened = link(saboteur, one.needs === 'sink');
  const trial = new Trial(one.rule, opened, ['sink', 'kill']);
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), 3_000);
  });
  try {
    await Promise.race([one.body(trial), overdue]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    opened.wire.close();
  }
}

/** Each case holds over a good wire, and is broken by one saboteur at least: none is there that cannot fail. */
export function itCanFail(cases: readonly TrialCase[]): void {
  it.each(cases)(
    '$rule $name: holds over a good wire, and not over every bad one',
    async (one) => {
      expect(await holds(one, {})).toBe(true);
      const caughtBy: string[] = [];
      for (const [name, saboteur] of Object.entries(saboteurs)) {
        if (caughtBy.length === 0 && !(await holds(one, saboteur()))) caughtBy.push(name);
      }
      expect(caughtBy).toHaveLength(1);
    },
    90_000,
  );
}
