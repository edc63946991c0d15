import { type Framing, framingCodec } from '../../../src/node/wires/framing.js';
import { decode } from './decoding.js';

describe('framingCodec', () => {
  it.each<Framing>(['lines', 'content-length'])('%s reads what it writes', (framing) => {
    const { encode, decoder } = framingCodec(framing);
    const message = { id: 1, method: 'm', params: 'ä\n…' };
    expect(decode(decoder(1_000), [Buffer.from(encode(JSON.stringify(message)).repeat(2))])).toEqual([
      message,
      message,
    ]);
  });

  it('refuses a name that is none', () => {
    expect(() => framingCodec('toString' as Framing)).toThrow(
      new TypeError('"toString" is no framing: "lines" or "content-length"'),
    );
  });
});
