import fc from 'fast-check';

import { framingCodec } from '../../../src/node/wires/framing.js';
import { HeaderDecoder } from '../../../src/node/wires/header-decoder.js';
import { cut, decode } from './decoding.js';

const LIMIT = 1_000;
const frame = (value: unknown): string => framingCodec('content-length').encode(JSON.stringify(value));
const [a, b] = [{ method: 'a', params: 'ä…🙂' }, { method: 'b' }];
const read = (text: string, limit = LIMIT): unknown[] => decode(new HeaderDecoder(limit), [Buffer.from(text)]);

describe('HeaderDecoder', () => {
  it.each([
    ['one behind the other', `${frame(a)}${frame(b)}`],
    ['newlines without a return', `${frame(a)}${frame(b)}`.replaceAll('\r', '')],
    ['another header', `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n${frame(a)}${frame(b)}`],
    ['headers in any case', `${frame(a)}${frame(b)}`.replaceAll('Content-Length', 'content-LENGTH')],
    ['empty lines between', `\r\n${frame(a)}\n\r\n${frame(b)}\n`],
  ])('reads messages behind their length: %s', (_name, text) => {
    expect(read(text)).toEqual([a, b]);
  });

  it('tells a stray line and goes on behind it, with and without an end of its own', () => {
    expect(read(`${frame(a)}debug: hello\n${frame(b)}debug: again${frame(b)}`)).toEqual([
      a,
      'not a header: debug: hello',
      b,
      'not a header: debug: again',
      b,
    ]);
  });

  it.each(['-1', 'abc', '1.5', '', '9'.repeat(16)])('tells a length of "%s" and goes on', (length) => {
    expect(read(`Content-Length: ${length}\r\n\r\n${frame(b)}`)).toEqual([
      `not a header: Content-Length: ${length}`.trim(),
      b,
    ]);
  });

  it('finds the next message behind one whose length is wrong', () => {
    expect(read(`Content-Length: 5\r\n\r\n{"method":"a"}\n${frame(b)}`)).toEqual([
      expect.stringMatching(/^not JSON/),
      'not a header: hod":"a"}',
      b,
    ]);
  });

  it('reads a message of no bytes as no JSON', () => {
    expect(read(`Content-Length: 0\r\n\r\n${frame(b)}`)).toEqual([expect.stringMatching(/^not JSON/), b]);
  });

  it('waits for nothing behind a message of no bytes', () => {
    expect(read('Content-Length: 0\r\n\r\n')).toEqual([expect.stringMatching(/^not JSON/)]);
  });

  it('tells a stray line without an end in parts, and does not look for its end at each chunk', () => {
    expect(read(`${'x'.repeat(10_000)}\n${frame(b)}`)).toEqual([
      ...Array.from({ length: 3 }, () => `not a header: ${'x'.repeat(80)}`),
      b,
    ]);
  });

  it('skips a message over the limit, told before it comes, and takes one at the limit', () => {
    const size = JSON.stringify(b).length;
    expect(read(`${frame(a)}${frame(b)}`, size)).toEqual([
      `a message of ${Buffer.byteLength(JSON.stringify(a))} bytes is over the limit of ${size}`,
      b,
    ]);
  });

  it('holds nothing of a message over the limit, nor of a line without an end', () => {
    const decoder = new HeaderDecoder(1_024);
    const size = 50 * 1_048_576;
    decoder.push(Buffer.from(`Content-Length: ${size}\r\n\r\n`));
    expect(decoder.next()).toHaveProperty('malformed');
    const chunk = Buffer.alloc(65_536, 'x');
    const before = process.memoryUsage().arrayBuffers;
    for (let bytes = 0; bytes < size * 2; bytes += chunk.length) {
      decoder.push(chunk);
      while (decoder.next() !== undefined);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_048_576);
    expect(decode(decoder, [Buffer.from(`\n${frame(b)}`)])).toEqual([b]);
  });

  it.each([
    ['in its header', 'Content-Length: 10\r\n'],
    ['in its body', 'Content-Length: 10\r\n\r\n{'],
    ['in a line', 'oops'],
  ])('tells a message that is cut off %s', (_name, text) => {
    expect(read(`${frame(a)}${text}`)).toEqual([a, 'the stream ended within a message']);
  });

  it('reads the same however the bytes are cut, within characters too', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((params) => frame({ method: 'm', params })),
      fc.constantFrom('\r\n', 'stray\n', 'no end ', `Content-Length: ${LIMIT + 1}\r\n\r\n${'ü'.repeat(LIMIT)}`),
    );
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat()), (parts, places) => {
        const bytes = Buffer.from(parts.join(''));
        expect(decode(new HeaderDecoder(LIMIT), cut(bytes, places))).toEqual(decode(new HeaderDecoder(LIMIT), [bytes]));
      }),
    );
  });
});
