import { encodeLine } from '../../../src/node/thread-log/log-line.js';
import { scanLog } from '../../../src/node/thread-log/scan-log.js';

const [a, b, c] = ['a', 'b', 'c'].map((type) => encodeLine({ type })) as [Uint8Array, Uint8Array, Uint8Array];
const typesOf = (scan: ReturnType<typeof scanLog>): string => scan.values.map(({ type }) => String(type)).join('');
const size = a.length;

describe('scanLog', () => {
  it('reads whole lines in order', () => {
    const scan = scanLog(Buffer.concat([a, b]));
    expect(typesOf(scan)).toBe('ab');
    expect(scan).toMatchObject({ damaged: [], end: 2 * size, unterminated: false, torn: undefined });
    expect(scanLog(Buffer.of())).toMatchObject({ values: [], end: 0, unterminated: false, torn: undefined });
  });

  it('counts a last line that lacks only its end', () => {
    const scan = scanLog(Buffer.concat([a, b.subarray(0, -1)]));
    expect(typesOf(scan)).toBe('ab');
    expect(scan).toMatchObject({ end: 2 * size - 1, unterminated: true, torn: undefined });
  });

  it('leaves a torn tail out', () => {
    const scan = scanLog(Buffer.concat([a, b.subarray(0, 7)]), 1_000);
    expect(typesOf(scan)).toBe('a');
    expect(scan).toMatchObject({ end: 1_000 + size, unterminated: false, torn: { offset: 1_000 + size, bytes: 7 } });
  });

  it('passes over damaged lines and says where they stand', () => {
    const scan = scanLog(Buffer.concat([a, Buffer.from('what?\n'), b, Buffer.from([0, 0, 10]), c]), 1_000);
    expect(typesOf(scan)).toBe('abc');
    expect(scan.damaged).toEqual([
      { offset: 1_000 + size, bytes: 6, reason: 'no checksum at its end' },
      { offset: 1_000 + 2 * size + 6, bytes: 3, reason: 'no checksum at its end' },
    ]);
    expect(scan.end).toBe(1_000 + 3 * size + 9);
  });

  it('takes an empty line for nothing', () => {
    expect(scanLog(Buffer.concat([a, Buffer.from('\n'), b]))).toMatchObject({ damaged: [], end: 2 * size + 1 });
  });

  it('takes what a loss of power leaves at the end for a torn tail', () => {
    expect(scanLog(Buffer.concat([a, Buffer.alloc(4_096)]))).toMatchObject({ end: size, torn: { bytes: 4_096 } });
  });
});
