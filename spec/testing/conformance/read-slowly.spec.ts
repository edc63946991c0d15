import { connect } from '../../../src/index.js';
import { readSlowly } from '../../../src/testing/conformance/read-slowly.js';
import { conformanceContract, fakeWire, run } from '../../../src/testing/index.js';

const { handshake: _, ...contract } = conformanceContract;

describe('readSlowly', () => {
  it('reads one event each turn for a while, and then all', () => {
    run(({ flush }) => {
      const wire = fakeWire();
      const client = connect(wire, contract);
      let read = 0;
      readSlowly(wire, client);
      client.events$.subscribe(() => (read += 1));
      for (let n = 0; n < 400; n += 1) wire.receive({ method: 'mark', params: { n } });
      expect([read, wire.paused]).toEqual([1, true]);
      flush();
      expect([read, wire.paused]).toEqual([400, false]);
      wire.end();
    });
  });

  it('leaves a wire alone that cannot be paused', () => {
    const wire = fakeWire({ pausable: false });
    const client = connect(wire, contract);
    readSlowly(wire, client);
    wire.receive({ method: 'mark', params: { n: 1 } });
    wire.end({ orderly: false });
    expect(client.stats().events.delivered).toBe(1);
  });
});
