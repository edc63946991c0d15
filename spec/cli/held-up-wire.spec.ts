import { heldUpWire } from '../../src/cli/held-up-wire.js';
import { OutputGate } from '../../src/cli/output-gate.js';
import { fakeWire } from '../../src/testing/index.js';
import { fakeTerminal } from './fake-terminal.js';

describe('a wire that is held up', () => {
  it('is full while the output is, and takes what it is given all the same', () => {
    const terminal = fakeTerminal();
    const inner = fakeWire({ local: true });
    const wire = heldUpWire(inner, new OutputGate(terminal));
    let writable = 0;
    wire.writable$.subscribe(() => (writable += 1));
    expect(wire.send({ method: 'one' })).toBe(true);
    terminal.fill();
    expect(wire.send({ method: 'two' })).toBe(false);
    expect([inner.sent.length, writable]).toEqual([2, 0]);
    terminal.drain();
    expect([wire.send({ method: 'three' }), writable]).toEqual([true, 1]);
  });

  it('is full as well while the wire below is', () => {
    const inner = fakeWire();
    const wire = heldUpWire(inner, new OutputGate(fakeTerminal()));
    inner.fill();
    expect(wire.send({ method: 'one' })).toBe(false);
  });

  it('is the wire below in everything else', () => {
    const inner = fakeWire({ local: true });
    const wire = heldUpWire(inner, new OutputGate(fakeTerminal()));
    const seen: unknown[] = [];
    wire.inbound$.subscribe((message) => seen.push(message));
    wire.closed$.subscribe(({ reason }) => seen.push(reason));
    inner.receive({ method: 'hello' });
    wire.close({ reason: 'enough', orderly: true });
    expect([wire.local, seen]).toEqual([true, [{ method: 'hello' }, 'enough']]);
  });
});
