import { parseMoments } from './moments.js';
import { rowsOf } from './score.js';
import type { Score } from './score.js';
import { marbleShape } from './marble-shape.js';
import { style } from './style.js';

/** Width of a frame, height of a row, and where the lines begin. */
const STEP = 30;
const ROW = 46;
const LEFT = 96;
const RADIUS = 12;

/** Height of a line of a note, and the width of a character in the widest of the usual fonts. */
const NOTE_LINE = 19;
const CHARACTER = 7;

/** Rows that say when something is ready, not what is emitted. */
const CREDITS = ['ready', 'frame', 'next()', 'take'];

/** Draws a score as an SVG that stands alone, in light and dark. Equal scores give equal pictures. */
export function draw(score: Score): string {
  const inputs = score.rows.filter(({ label }) => !isOutput(label) && label !== 'subs');
  const outputs = score.rows.filter(({ label }) => isOutput(label));
  const [subs] = rowsOf(score, 'subs');
  const frames = Math.max(...score.rows.map(({ marbles }) => marbles.length), 16);
  const width = LEFT + frames * STEP + 36;
  const notes = wrap(score.note ?? '', (width - 40) / CHARACTER);

  const box = 58 + inputs.length * ROW + (subs === undefined ? 0 : 12);
  const outputsTop = box + 56;
  const noteTop = outputsTop + outputs.length * ROW + 8;
  const height = noteTop + notes.length * NOTE_LINE + (notes.length > 0 ? 10 : 2);

  const parts = [
    `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    `<text class="title" x="20" y="31">${escape(score.title)}</text>`,
    ...guides(score, frames, box, outputsTop),
    ...(subs === undefined ? [] : [lifetime(subs, 58 + ROW - 4)]),
    ...inputs.map((row, index) => {
      const shift = index > 0 && subs !== undefined ? 12 : 0;
      return line(row.label, row.marbles, 58 + index * ROW + shift, frames, undefined);
    }),
    `<rect class="box" x="${LEFT - 14}" y="${box}" width="${frames * STEP + 30}" height="36" rx="8"/>`,
    `<text class="code" x="${LEFT + (frames * STEP) / 2}" y="${box + 18.5}">${escape(score.code)}</text>`,
    ...outputs.map((row, index) => line(row.label, row.marbles, outputsTop + index * ROW, frames, score.error)),
    ...notes.map(
      (text, index) => `<text class="note" x="20" y="${noteTop + 14 + index * NOTE_LINE}">${escape(text)}</text>`,
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(`${score.code}: ${score.title}`)}</title>`,
    `<desc>${escape(score.rows.map(({ label, marbles }) => `${label.padEnd(8)} ${marbles}`).join('\n'))}</desc>`,
    `<style>${style}</style>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function isOutput(label: string): boolean {
  return label === 'out' || label === 'told';
}

/** One stream: its name, its time with a tick for each frame, and what happens on it. */
function line(label: string, row: string, top: number, frames: number, error: string | undefined): string {
  const y = top + ROW / 2;
  const start = row.length - row.trimStart().length;
  const ended = parseMoments(row).find(({ marbles }) => marbles.some((marble) => '|#'.includes(marble)));
  const end = ended === undefined ? frames : ended.frame + ended.marbles.length - 1;
  const ticks = Array.from({ length: Math.floor(end - start) + 1 }, (_, i) => `M${x(start + i)} ${y - 3}v6`).join('');
  const arrow = ended === undefined ? `<path class="arrow" d="M${x(end) + 2} ${y - 5}l9 5l-9 5"/>` : '';
  return [
    `<g>`,
    `<text class="label" x="${LEFT - 24}" y="${y}">${escape(label)}</text>`,
    `<path class="time" d="M${x(start) - (start === 0 ? 10 : 0)} ${y}H${x(end) + (ended === undefined ? 10 : 0)}"/>`,
    `<path class="tick" d="${ticks}"/>`,
    arrow,
    ...parseMoments(row).map(({ frame, marbles }) => moment(frame, marbles, y, CREDITS.includes(label), error)),
    '</g>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What happens at one frame. Several things of one frame stand side by side in a capsule that begins there. */
function moment(
  frame: number,
  marbles: readonly string[],
  y: number,
  isCredit: boolean,
  error: string | undefined,
): string {
  const shapes = marbles.map((marble, index) => marbleShape(marble, x(frame + index), y, RADIUS, isCredit));
  if (marbles.length > 1) {
    const [left, right] = [x(frame) - RADIUS - 5, x(frame + marbles.length - 1) + RADIUS + 5];
    const size = `width="${right - left}" height="${2 * RADIUS + 10}" rx="${RADIUS + 5}"`;
    shapes.unshift(`<rect class="together" x="${left}" y="${y - RADIUS - 5}" ${size}/>`);
  }
  if (marbles.includes('#') && error !== undefined) {
    shapes.push(
      `<text class="error" x="${x(frame + marbles.indexOf('#')) + RADIUS + 6}" y="${y}">${escape(error)}</text>`,
    );
  }
  return shapes.join('');
}

/** How long the source was subscribed to. */
function lifetime(row: string, y: number): string {
  const end = row.indexOf('!');
  const from = x(row.indexOf('^'));
  return end < 0
    ? `<path class="lifetime" d="M${from} ${y - 4}v8M${from} ${y}H${x(row.length - 1) + 10}"/>`
    : `<path class="lifetime" d="M${from} ${y - 4}v8M${from} ${y}H${x(end)}M${x(end)} ${y - 4}v8"/>`;
}

/** A faint line through all rows wherever something comes out. */
function guides(score: Score, frames: number, box: number, outputsTop: number): readonly string[] {
  const moments = new Set(rowsOf(score, 'out').flatMap((row) => parseMoments(row).map(({ frame }) => frame)));
  return [...moments]
    .filter((frame) => frame <= frames)
    .map((frame) => `<path class="guide" d="M${x(frame)} 62V${box}M${x(frame)} ${box + 36}V${outputsTop + ROW / 2}"/>`);
}

function x(frame: number): number {
  return LEFT + frame * STEP;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
