import { crc32 } from 'node:zlib';

import fc from 'fast-check';

import { decodeLine, encodeLine } from '../../../src/node/thread-log/log-line.js';

const withoutEnd = (line: Uint8Array): Uint8Array => line.subarray(0, -1);

describe('a log line', () => {
  it('is one line of JSON with a checksum as its last member', () => {
    const text = Buffer.from(encodeLine({ type: 'named', name: 'a\nb' })).toString();
    expect(text).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(text)).toEqual({
      type: 'named',
      name: 'a\nb',
      crc: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    });
  });

  it('comes back as it was, whatever JSON it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(decodeLine(withoutEnd(encodeLine({ value })))).toEqual({
          ok: true,
          value: JSON.parse(JSON.stringify({ value })) as object,
        });
      }),
    );
  });

  it('tells every change of any one byte', () => {
    const line = withoutEnd(encodeLine({ type: 'named', name: 'grüße' }));
    for (let index = 0; index < line.length; index += 1) {
      for (const change of [1, 32, 128]) {
        const damaged = line.slice();
        damaged[index]! ^= change;
        expect(decodeLine(damaged).ok).toBe(false);
      }
    }
  });

  it('is no line when anything of it is missing', () => {
    const line = withoutEnd(encodeLine({ type: 'named', name: 'x' }));
    for (let length = 0; length < line.length; length += 1) {
      expect(decodeLine(line.subarray(0, length)).ok).toBe(false);
      expect(decodeLine(line.subarray(line.length - length)).ok).toBe(false);
    }
  });

  it.each([
    ['', 'no checksum at its end'],
    ['{"type":"named"}', 'no checksum at its end'],
    ['{"type":"named","crc":"00000000"}', 'its checksum does not fit'],
  ])('says what is wrong with %j', (text, reason) => {
    expect(decodeLine(Buffer.from(text))).toEqual({ ok: false, reason });
  });

  it('says it when a checksum vouches for what is no JSON', () => {
    const body = 'nonsense';
    const seal = crc32(body).toString(16).padStart(8, '0');
    expect(decodeLine(Buffer.from(`${body},"crc":"${seal}"}`))).toEqual({
      ok: false,
      reason: expect.stringContaining('JSON') as string,
    });
  });

  it('writes the checksum with all its digits', () => {
    // 256 lines: about one in sixteen has a checksum that begins with a zero.
    for (let n = 0; n < 256; n += 1) expect(decodeLine(withoutEnd(encodeLine({ n }))).ok).toBe(true);
  });
});
