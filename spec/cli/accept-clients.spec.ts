import { concatMap, map } from 'rxjs';

import { acceptClients } from '../../src/cli/accept-clients.js';
import { ProgramError } from '../../src/cli/program-error.js';
import type { Wire } from '../../src/protocol/index.js';
import { fakeWire } from '../../src/testing/index.js';
import { fakeWorld, type FakeWorld } from './fake-world.js';

function accept(world: FakeWorld): { seen: unknown[]; attached: Wire[]; stop: () => void } {
  const seen: unknown[] = [];
  const attached: Wire[] = [];
  const accepted$ = world.wires.sockets$.pipe(
    map((sockets) => sockets.listen({ allowedOrigins: [] })),
    concatMap((listener) => acceptClients(listener, world.terminal, (wire) => attached.push(wire))),
  );
  const subscription = accepted$.subscribe({
    next: (code) => seen.push(code),
    error: (error: unknown) => seen.push(error),
    complete: () => seen.push('complete'),
  });
  return { seen, attached, stop: () => subscription.unsubscribe() };
}

describe('accepting clients', () => {
  it('says where, and hands on who connects', () => {
    const world = fakeWorld();
    const { seen, attached } = accept(world);
    world.listen('ws://127.0.0.1:4321');
    const wire = fakeWire();
    world.arrive(wire);
    expect(world.terminal.errors()).toBe('listening on ws://127.0.0.1:4321\n');
    expect(world.terminal.out()).toBe('');
    expect([attached, seen]).toEqual([[wire], []]);
  });

  it('fails with the reason when it cannot listen', () => {
    const world = fakeWorld();
    const { seen } = accept(world);
    world.endListener({ reason: 'the port is taken', orderly: false });
    expect(seen).toEqual([new ProgramError(6, 'the port is taken')]);
    expect(world.isListening()).toBe(false);
  });

  it('ends with the listener', () => {
    const world = fakeWorld();
    const { seen } = accept(world);
    world.endListener({ reason: 'closed', orderly: true });
    expect(seen).toEqual([0, 'complete']);
  });

  it('closes the listener, with a reason for its clients, when it is unsubscribed', () => {
    const world = fakeWorld();
    const { stop } = accept(world);
    stop();
    expect([world.isListening(), world.asked.at(-1)]).toEqual([false, 'shutdown']);
  });
});
