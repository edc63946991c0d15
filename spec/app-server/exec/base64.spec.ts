import { fromBase64, toBase64 } from '../../../src/app-server/exec/base64.js';

describe('Base64', () => {
  it('carries every byte there and back', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  });

  it('is what everyone else makes', () => {
    expect(toBase64(new TextEncoder().encode('hi'))).toBe('aGk=');
    expect(toBase64(new Uint8Array())).toBe('');
  });

  it('takes more bytes than a call takes arguments', () => {
    const bytes = new Uint8Array(1_000_000).fill(7);
    expect(Buffer.compare(fromBase64(toBase64(bytes)), bytes)).toBe(0);
  });

  it('throws on text that is none', () => {
    expect(() => fromBase64('*')).toThrow();
  });
});
