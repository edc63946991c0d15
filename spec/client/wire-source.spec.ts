import { isWireSource, toWireSource, type WireSource } from '../../src/client/wire-source.js';
import { fakeWire } from '../../src/testing/index.js';

describe('a source of wires', () => {
  it('is told from a wire by a brand, not by its members', () => {
    const source = { connect: () => fakeWire(), attempts: 1, timeout: 1 } as unknown as WireSource;
    expect(isWireSource(source)).toBe(false);
    expect(isWireSource(toWireSource(source))).toBe(true);
    expect(isWireSource({ ...source })).toBe(false);
    expect(isWireSource(fakeWire())).toBe(false);
    // Another copy of this package has the same one.
    expect(Reflect.get(toWireSource({ ...source }), Symbol.for('rx-sluice.WireSource'))).toBe(true);
  });
});
