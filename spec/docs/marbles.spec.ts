/**
 * The pictures below docs/marbles and the strings they are drawn from: spec/docs/marbles/*.marbles, one file per operator.
 *
 * Each score is run as it stands, in virtual time. Each picture is what the generator draws from it now; after a change,
 * `node scripts/marbles.mjs` draws them again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { draw } from './marbles/draw.js';
import { play, playIterator } from './marbles/play.js';
import { parseMoments } from './marbles/moments.js';
import { parseScores } from './marbles/score.js';

const root = join(__dirname, '../..');
const folder = join(__dirname, 'marbles');
const files = readdirSync(folder).filter((file) => file.endsWith('.marbles'));
const scores = files.flatMap((file) => parseScores(readFileSync(join(folder, file), 'utf8')));
const named = scores.map((score) => [score.name, score] as const);

describe('the marbles in the docs', () => {
  it.each(named.filter(([, { code }]) => !code.startsWith('pullFrom')))(
    '%s are what the operator does',
    (_name, score) => play(score),
  );

  it.each(named.filter(([, { code }]) => code.startsWith('pullFrom')))(
    '%s are what the iterator yields',
    (_name, score) => playIterator(score),
  );

  it.each(named)('%s.svg is drawn from them', (name, score) => {
    expect(readFileSync(join(root, 'docs/marbles', `${name}.svg`), 'utf8')).toBe(draw(score));
  });

  it('have a picture each, and no picture is left over', () => {
    expect(readdirSync(join(root, 'docs/marbles')).sort()).toEqual(scores.map(({ name }) => `${name}.svg`).sort());
  });

  it('are all shown in the page on backpressure', () => {
    const page = readFileSync(join(root, 'docs/backpressure.md'), 'utf8');
    const shown = [...page.matchAll(/\(marbles\/([\w-]+)\.svg\)/g)].map((match) => match[1]);
    expect(shown.sort()).toEqual(scores.map(({ name }) => name).sort());
  });
});

describe('a picture', () => {
  const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

  it.each(named)('of %s has a shape for each marble', (_name, score) => {
    const rows = score.rows.filter(({ label }) => label !== 'subs');
    const marbles = rows.flatMap((row) => parseMoments(row.marbles).flatMap((moment) => moment.marbles)).join('');
    const credits = count(marbles, /x/g);
    const picture = draw(score);
    expect({
      events: count(picture, /class="event/g),
      credits: count(picture, /class="credit"/g),
      gaps: count(picture, /class="gap"/g),
      ends: count(picture, /class="end"/g),
      crosses: count(picture, /class="cross"/g),
    }).toEqual({
      events: count(marbles, /[a-zA-Z]/g) - credits,
      credits,
      gaps: count(marbles, /\d/g),
      ends: count(marbles, /\|/g),
      crosses: count(marbles, /#/g),
    });
  });

  it.each(named)('of %s carries its marbles as text', (_name, score) => {
    for (const { marbles } of score.rows) expect(draw(score)).toContain(marbles);
  });
});

describe('a score', () => {
  const lines = ['name      n', 'title     t', 'code      c', 'out       a-|'];

  it('is read line by line, with the spaces that delay a cold stream', () => {
    const text = [...lines, 'save(a)     --a|', '', ''].join('\n');
    expect(parseScores(text)).toEqual([
      {
        ...{ name: 'n', title: 't', code: 'c', error: undefined, note: undefined },
        rows: [
          { label: 'out', marbles: 'a-|' },
          { label: 'save(a)', marbles: '  --a|' },
        ],
      },
    ]);
  });

  it.each([
    ['a line without a value', [...lines, 'ready'], 'not a line of a score: "ready"'],
    ['a label that is too long', [...lines, 'the source a'], 'not a line of a score: "the source a"'],
    ['two titles', [...lines, 'title     u'], 'a second title: "title     u"'],
    ['no code', lines.slice(0, 2), 'a score without a code: "name      n"'],
    ['no output', lines.slice(0, 3), 'n has no line "out"'],
  ])('with %s is refused', (_what, text, message) => {
    expect(() => parseScores(text.join('\n'))).toThrow(new SyntaxError(message));
  });

  it.each([
    ['a(b', 'a group that nothing closes: "a(b"'],
    ['a)b', 'a group that nothing opened: "a)b"'],
    ['(a(b))', 'a group inside a group: "(a(b))"'],
    ['a-?', 'no marble: "?" in "a-?"'],
  ])('with the marbles %s is refused', (row, message) => {
    expect(() => parseMoments(row)).toThrow(new SyntaxError(message));
  });

  it('that is wrong about its operator fails', () => {
    const score = { name: 'n', title: 't', code: 'ignoreLagged()', error: undefined, note: undefined };
    const rows = [
      { label: 'source', marbles: 'a1b|' },
      { label: 'out', marbles: 'a1b|' },
    ];
    expect(() => play({ ...score, rows })).toThrow('marbles differ');
  });

  it('that is wrong about its iterator fails', async () => {
    const score = { name: 'n', title: 't', code: 'pullFrom(source)', error: undefined, note: undefined };
    const rows = [
      { label: 'source', marbles: 'ab|' },
      { label: 'next()', marbles: '-x-' },
      { label: 'out', marbles: '-b-' },
    ];
    await expect(playIterator({ ...score, rows })).rejects.toThrow('frame 1: ["b"] expected, ["a"] yielded');
  });
});
