import fc from 'fast-check';

import { LineDecoder } from '../../../src/node/wires/line-decoder.js';
import { cut, decode } from './decoding.js';

const LIMIT = 1_000;
const read = (text: string, limit = LIMIT): unknown[] => decode(new LineDecoder(limit), [Buffer.from(text)]);

describe('LineDecoder', () => {
  it.each([
    ['\n', '{"method":"a"}\n{"method":"b"}\n'],
    ['\r\n', '{"method":"a"}\r\n{"method":"b"}\r\n'],
    ['empty lines between', '\n\r\n{"method":"a"}\n\n\r\n{"method":"b"}\n\n'],
    ['no newline at the end', '{"method":"a"}\n{"method":"b"}'],
  ])('reads one message a line: %s', (_name, text) => {
    expect(read(text)).toEqual([{ method: 'a' }, { method: 'b' }]);
  });

  it('tells garbage and goes on', () => {
    expect(read('log line\n{"method":"a"}\n[]\n{"method":"b"}\n')).toEqual([
      expect.stringMatching(/^not JSON/),
      { method: 'a' },
      expect.stringMatching(/^not a JSON-RPC message/),
      { method: 'b' },
    ]);
  });

  it('tells a last line that is cut off', () => {
    expect(read('{"method":"a"}\n{"meth')).toEqual([{ method: 'a' }, expect.stringMatching(/^not JSON/)]);
  });

  it('skips a line over the limit, told with its size, and takes one at the limit', () => {
    const line = '{"method":"a"}';
    expect(read(`${'x'.repeat(15)}\n${line}\n`, line.length)).toEqual([
      'a message of 15 bytes is over the limit of 14',
      { method: 'a' },
    ]);
  });

  it('holds nothing of a line over the limit', () => {
    const decoder = new LineDecoder(1_024);
    const chunk = Buffer.alloc(65_536, 'x');
    const before = process.memoryUsage().arrayBuffers;
    for (let bytes = 0; bytes < 100 * 1_048_576; bytes += chunk.length) {
      decoder.push(chunk);
      expect(decoder.next()).toBeUndefined();
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_048_576);
    expect(decode(decoder, [Buffer.from('\n{"method":"a"}\n')])).toEqual([
      `a message of ${100 * 1_048_576} bytes is over the limit of 1024`,
      { method: 'a' },
    ]);
  });

  it('gives no more of a chunk than it is asked for', () => {
    const decoder = new LineDecoder(LIMIT);
    decoder.push(Buffer.from('{"method":"a"}\n{"method":"b"}\n{"me'));
    expect(decoder.next()).toEqual({ method: 'a' });
    decoder.push(Buffer.from('thod":"c"}\n'));
    expect([decoder.next(), decoder.next(), decoder.next()]).toEqual([{ method: 'b' }, { method: 'c' }, undefined]);
  });

  it('reads the same however the bytes are cut, within characters too', () => {
    const text = fc.string({ unit: 'grapheme' });
    const line = fc.oneof(
      text.map((params) => JSON.stringify({ method: 'm', params })),
      fc.constantFrom('', '\r', 'garbage', 'ü'.repeat(LIMIT)),
    );
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), fc.boolean(), (lines, places, isEnded) => {
        const bytes = Buffer.from(lines.join('\n') + (isEnded ? '\n' : ''));
        expect(decode(new LineDecoder(LIMIT), cut(bytes, places))).toEqual(decode(new LineDecoder(LIMIT), [bytes]));
      }),
    );
  });
});
