import type { CloseInfo, Inbound } from '../../src/index.js';
import {
  type FakeWire,
  fakeWire,
  type FaultyWire,
  faultyWire,
  type FaultyWireOptions,
  run,
} from '../../src/testing/index.js';

interface Played {
  readonly far: FakeWire;
  readonly wire: FaultyWire;
  readonly read: string[];
  readonly ends: CloseInfo[];
}

const nameOf = (inbound: Inbound): string => ('method' in inbound ? inbound.method : '!');

function play(options: FaultyWireOptions, far = fakeWire()): Played {
  const wire = faultyWire(far, options);
  const read: string[] = [];
  const ends: CloseInfo[] = [];
  wire.inbound$.subscribe({ next: (inbound) => read.push(nameOf(inbound)), complete: () => read.push('|') });
  wire.closed$.subscribe((info) => ends.push(info));
  return { far, wire, read, ends };
}

const receive = (far: FakeWire, methods: string): void => {
  for (const method of methods) far.receive({ method });
};
const sentTo = (far: FakeWire): string => far.sent.map((message) => nameOf(message as Inbound)).join('');

describe('faultyWire', () => {
  it('does nothing unless it is told to', () => {
    const { far, wire, read, ends } = play({});
    receive(far, 'ab');
    expect([wire.send({ method: 'x' }), read.join(''), sentTo(far)]).toEqual([true, 'ab', 'x']);
    far.end();
    expect([read.join(''), ends]).toEqual(['ab|', [{ reason: 'peer closed', orderly: true }]]);
  });

  it('repeats and puts garbage before what arrives and what is sent', () => {
    const { far, wire, read } = play({ inbound: '-dg', outbound: 'gd-' });
    receive(far, 'abc');
    for (const method of 'xyz') wire.send({ method });
    expect([read.join(''), sentTo(far)]).toEqual(['abb!c', '!xyyz']);
    expect(wire.played).toEqual({ inbound: '-dg', outbound: 'gd-' });
  });

  it('stalls, and keeps the order; who sends finds the sink full and hears when there is room', () => {
    run(({ flush }) => {
      const { far, wire, read } = play({ inbound: 's', outbound: '-s', stall: 2 });
      let room = 0;
      wire.writable$.subscribe(() => (room += 1));
      receive(far, 'ab');
      expect(['x', 'y', 'z'].map((method) => wire.send({ method }))).toEqual([true, false, false]);
      expect([read, sentTo(far), room]).toEqual([[], 'x', 0]);
      flush();
      expect([read, sentTo(far), room]).toEqual([['a', 'b'], 'xyz', 1]);
    });
  });

  it('tells a full sink of the wire itself as it is', () => {
    const { far, wire } = play({});
    far.fill();
    expect(wire.send({ method: 'x' })).toBe(false);
    let room = 0;
    wire.writable$.subscribe(() => (room += 1));
    far.drain();
    expect([room, wire.send({ method: 'y' })]).toEqual([1, true]);
  });

  it('cuts the line: what came before is read, what comes after is not, and both ends know', () => {
    const { far, read, ends } = play({ inbound: '-#' });
    receive(far, 'abc');
    expect([read.join(''), ends]).toEqual(['a|', [{ reason: 'connection lost', orderly: false }]]);
    expect(far.closedWith).toEqual({ reason: 'connection lost', orderly: false });
  });

  it('ends in order', () => {
    const { far, wire, read, ends } = play({ outbound: '-|' });
    for (const method of 'xyz') wire.send({ method });
    expect([sentTo(far), read, ends]).toEqual(['x', ['|'], [{ reason: 'peer closed', orderly: true }]]);
  });

  it('is half-open: nothing passes any more in either direction, and nobody is told', () => {
    const { far, wire, read, ends } = play({ inbound: '-h' });
    receive(far, 'abc');
    expect(wire.send({ method: 'x' })).toBe(true);
    far.end();
    expect([read.join(''), sentTo(far), ends]).toEqual(['a', '', []]);
    wire.close({ reason: 'enough', orderly: true });
    expect([read.join(''), ends]).toEqual(['a|', [{ reason: 'enough', orderly: true }]]);
  });

  it('sends what stalls before it closes', () => {
    run(() => {
      const { far, wire } = play({ outbound: 's' });
      wire.send({ method: 'x' });
      wire.close();
      expect([sentTo(far), far.closedWith]).toEqual(['x', { reason: 'closed', orderly: true }]);
    });
  });

  it('pauses as the wire does, and delivers what came before the end all the same', () => {
    const { far, wire, read, ends } = play({ inbound: '--d' });
    wire.pause?.();
    expect(far.paused).toBe(true);
    wire.resume?.();
    receive(far, 'a');
    wire.pause?.();
    far.end();
    expect([read.join(''), ends.length]).toEqual(['a|', 1]);
    expect(play({}, fakeWire({ pausable: false })).wire.pause).toBeUndefined();
  });

  it('lets nothing past what stalls, not even the end', () => {
    run(({ flush }) => {
      const { far, read, ends } = play({ inbound: 's' });
      receive(far, 'ab');
      far.end();
      expect([read, ends]).toEqual([[], []]);
      flush();
      expect([read.join(''), ends.length]).toEqual(['ab|', 1]);
    });
  });

  it('shares a process if the wire does', () => {
    expect(faultyWire(fakeWire({ local: true })).local).toBe(true);
  });

  it('does the same for the same seed, and for the marbles that it tells', () => {
    run(({ flush }) => {
      const [one, two] = [play({ seed: 5 }), play({ seed: 5 })];
      for (const { far } of [one, two]) receive(far, 'abcdefghijklmnopqrstuvwxyz'.repeat(4));
      flush();
      const three = play(one.wire.played);
      receive(three.far, 'abcdefghijklmnopqrstuvwxyz'.repeat(4));
      flush();
      expect(one.wire.played.inbound).toMatch(/[dgs]/);
      expect([two.read, three.read]).toEqual([one.read, one.read]);
    });
  });
});
