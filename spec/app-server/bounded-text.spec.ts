import fc from 'fast-check';

import { BoundedText } from '../../src/app-server/bounded-text.js';

const textOf = (limit: number, ...pieces: readonly string[]): BoundedText => {
  const text = new BoundedText(limit);
  for (const piece of pieces) text.append(piece);
  return text;
};

describe('BoundedText', () => {
  it('is what was appended while that fits', () => {
    expect(textOf(10, 'ab', '', 'cde', 'fghij').toString()).toBe('abcdefghij');
    expect(textOf(10).toString()).toBe('');
  });

  it('keeps the beginning and the end and says how much is missing between them', () => {
    expect(textOf(6, 'abcdef', 'ghij').toString()).toBe('abc\n[... 4 characters left out ...]\nhij');
    expect(textOf(6, ...'abcdefghij').toString()).toBe('abc\n[... 4 characters left out ...]\nhij');
    expect(textOf(6, 'abcdefghij').toString()).toBe('abc\n[... 4 characters left out ...]\nhij');
  });

  it('holds no more than the limit however it was appended', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 2, max: 40 }), (pieces, limit) => {
        const whole = pieces.join('');
        const text = textOf(limit, ...pieces);
        const head = whole.slice(0, Math.floor(limit / 2));
        const tail = whole.slice(-Math.ceil(limit / 2));
        const missing = whole.length - head.length - tail.length;
        expect(text.length).toBe(whole.length);
        expect(text.toString()).toBe(
          whole.length <= limit ? whole : `${head}\n[... ${missing} characters left out ...]\n${tail}`,
        );
      }),
    );
  });

  it('stays exact over many small pieces', () => {
    const text = new BoundedText(5_000);
    for (let n = 0; n < 50_000; n += 1) text.append(String(n % 10));
    const tail = text.toString().slice(-2_500);
    expect(tail).toBe('0123456789'.repeat(250));
    expect(text.toString()).toContain('[... 45000 characters left out ...]');
  });
});
