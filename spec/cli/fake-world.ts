import { asyncScheduler, EMPTY, of, ReplaySubject, Subject } from 'rxjs';

import type { ListenRequest, Wires } from '../../src/cli/wires.js';
import type { World } from '../../src/cli/world.js';
import type { ProcessExit } from '../../src/node/index.js';
import type { CloseInfo, Wire } from '../../src/protocol/index.js';
import { type FakeWire, fakeWire } from '../../src/testing/index.js';
import { fakeTerminal, type FakeTerminal } from './fake-terminal.js';

type Spawned = Parameters<Wires['spawn']>[0] & {
  readonly wire: FakeWire;
  readonly says: (text: string) => void;
  readonly exits: (exit: ProcessExit) => void;
};

/** A world that is the spec's. */
export interface FakeWorld extends World {
  readonly terminal: FakeTerminal;
  /** What the program asked of the world, in words. */
  readonly asked: unknown[];
  /** The far end of stdio. */
  readonly stdio: FakeWire;
  /** The programs that were started. */
  readonly spawned: Spawned[];
  /** A client connects to the listener. */
  readonly arrive: (wire: Wire) => void;
  /** The listener is ready. */
  readonly listen: (url: string) => void;
  /** The listener ends by itself. */
  readonly endListener: (info: CloseInfo) => void;
  readonly isListening: () => boolean;
}

export function fakeWorld(given: Partial<World> & { readonly terminal?: FakeTerminal } = {}): FakeWorld {
  const asked: unknown[] = [];
  const spawned: Spawned[] = [];
  const stdio = fakeWire();
  const wires$ = new Subject<Wire>();
  const listening$ = new ReplaySubject<{ url: string }>(1);
  const closed$ = new ReplaySubject<CloseInfo>(1);
  let isListening = false;
  return {
    scheduler: asyncScheduler,
    agent: () => EMPTY,
    platform: { family: 'unix', os: 'plan9' },
    ...given,
    terminal: given.terminal ?? fakeTerminal(),
    wires: {
      stdio: () => stdio,
      spawn: (program) => {
        const wire = fakeWire();
        const stderr$ = new Subject<string>();
        const exited$ = new ReplaySubject<ProcessExit>(1);
        const exits = (exit: ProcessExit): void => {
          exited$.next(exit);
          exited$.complete();
        };
        spawned.push({ ...program, wire, says: (text) => stderr$.next(text), exits });
        return Object.assign(wire, { pid: 1, stderr$, exited$ });
      },
      sockets$: of({
        listen: (request: ListenRequest) => {
          asked.push(request);
          isListening = true;
          return {
            wires$,
            listening$,
            closed$,
            close: (reason?: string) => {
              asked.push(reason);
              isListening = false;
            },
          };
        },
        connect: (url: string, options: { token?: string }) => {
          asked.push({ url, ...options });
          return stdio;
        },
      }),
    },
    asked,
    stdio,
    spawned,
    arrive: (wire) => wires$.next(wire),
    listen: (url) => listening$.next({ url }),
    endListener: (info) => closed$.next(info),
    isListening: () => isListening,
  };
}
