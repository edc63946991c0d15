import { OutputCap } from '../../../src/app-server/exec/output-cap.js';

const bytes = (length: number): Uint8Array => new Uint8Array(length);

describe('OutputCap', () => {
  it('lets exactly its limit pass and tells once that there was more', () => {
    const cap = new OutputCap(5);
    expect(cap.admit(bytes(3))).toEqual({ bytes: bytes(3), capReached: false });
    expect(cap.admit(bytes(4))).toEqual({ bytes: bytes(2), capReached: true });
    expect(cap.admit(bytes(1))).toBeUndefined();
  });

  it('is not reached by a stream that just fits', () => {
    const cap = new OutputCap(3);
    expect(cap.admit(bytes(3))).toEqual({ bytes: bytes(3), capReached: false });
    expect(cap.admit(bytes(1))).toEqual({ bytes: bytes(0), capReached: true });
  });

  it('may let nothing pass, or everything', () => {
    expect(new OutputCap(0).admit(bytes(1))).toEqual({ bytes: bytes(0), capReached: true });
    expect(new OutputCap(Infinity).admit(bytes(9))).toEqual({ bytes: bytes(9), capReached: false });
  });
});
