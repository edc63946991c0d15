import { asyncScheduler, EMPTY, of, ReplaySubject, Subject } from 'rxjs';

import type { CodexRequest, ListenRequest, Wires } from '../../src/cli/wires.js';
import type { World } from '../../src/cli/world.js';
import type { ModelScript } from '../../src/codex/index.js';
import type { ProcessExit, SpawnedWire } from '../../src/node/index.js';
import type { CloseInfo, Wire } from '../../src/protocol/index.js';
import { type FakeWire, fakeWire } from '../../src/testing/index.js';
import { fakeTerminal, type FakeTerminal } from './fake-terminal.js';

interface Child<W extends Wire = FakeWire> {
  readonly wire: W;
  readonly says: (text: string) => void;
  readonly exits: (exit: ProcessExit) => void;
}

type Spawned = Parameters<Wires['spawn']>[0] & Child;

/** A model that was started. */
interface Model {
  readonly script: ModelScript;
  readonly isListening: () => boolean;
}

/** A world that is the spec's. */
export interface FakeWorld extends World {
  readonly terminal: FakeTerminal;
  /** What the program asked of the world, in words. */
  readonly asked: unknown[];
  /** The far end of stdio. */
  readonly stdio: FakeWire;
  /** The programs that were started. */
  readonly spawned: Spawned[];
  /** The codex that were started, and the models for them. */
  readonly codex: (CodexRequest & Child)[];
  readonly models: Model[];
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
  const codex: (CodexRequest & Child)[] = [];
  const models: Model[] = [];
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
        const [wire, child] = fakeChild(fakeWire());
        spawned.push({ ...program, ...child });
        return wire;
      },
      codex: (request) => {
        const [wire, child] = fakeChild(fakeWire());
        codex.push({ ...request, ...child });
        return wire;
      },
      mockModel: (script) => {
        let isOpen = true;
        models.push({ script, isListening: () => isOpen });
        const close = async (): Promise<void> => {
          isOpen = false;
        };
        return of({ url: 'http://127.0.0.1:1/v1', config: { model: 'mock' }, requests: [], close });
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
    codex,
    models,
    arrive: (wire) => wires$.next(wire),
    listen: (url) => listening$.next({ url }),
    endListener: (info) => closed$.next(info),
    isListening: () => isListening,
  };
}

/** A program that is the spec's, and what it does. */
function fakeChild<W extends Wire>(wire: W): [SpawnedWire, Child<W>] {
  const stderr$ = new ReplaySubject<string>(256);
  const exited$ = new ReplaySubject<ProcessExit>(1);
  const exits = (exit: ProcessExit): void => {
    exited$.next(exit);
    exited$.complete();
  };
  const child = { wire, says: (text: string) => stderr$.next(text), exits };
  return [Object.assign(wire, { pid: 1, stderr$, exited$ }), child];
}

/** A world where this wire leads to codex. */
export function worldWithCodex(wire: Wire, world: FakeWorld = fakeWorld()): FakeWorld {
  const [child, { exits }] = fakeChild(wire);
  wire.closed$.subscribe(() => exits({ code: 0, signal: null }));
  return {
    ...world,
    wires: {
      ...world.wires,
      codex: (request) => {
        world.wires.codex(request);
        return child;
      },
    },
  };
}
