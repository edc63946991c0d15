import { decodeLine } from './log-line.js';

const NEWLINE = 0x0a;

/** A line that can be read by nobody, and where it stands. */
export interface DamagedLine {
  readonly offset: number;
  readonly bytes: number;
  readonly reason: string;
}

/** What a log turned out to hold. */
export interface LogScan {
  /** The whole lines, in order. */
  readonly values: readonly Readonly<Record<string, unknown>>[];
  /** Lines with an end but without sense. They stay where they are. */
  readonly damaged: readonly DamagedLine[];
  /** Where the next line goes. */
  readonly end: number;
  /** The last line is whole but lacks its end. */
  readonly unterminated: boolean;
  /** What stands behind `end`: the beginning of a line somebody was writing. */
  readonly torn: DamagedLine | undefined;
}

/**
 * Reads as much of a log as there is.
 *
 * Lines tell by themselves whether they are whole, so a damaged one costs no other. Only the last may lack its end: if it
 * is whole all the same it counts, otherwise it is the torn tail of a write that was never finished.
 *
 * @param bytes From the beginning of a line to the end of the file.
 * @param from Where in the file they stand.
 */
export function scanLog(bytes: Uint8Array, from = 0): LogScan {
  const values: Readonly<Record<string, unknown>>[] = [];
  const damaged: DamagedLine[] = [];
  let start = 0;
  for (let stop = bytes.indexOf(NEWLINE); stop >= 0; stop = bytes.indexOf(NEWLINE, start)) {
    const line = decodeLine(bytes.subarray(start, stop));
    if (line.ok) values.push(line.value);
    // An empty line is what remains of a write that got no further than ending the line before it.
    else if (stop > start) damaged.push({ offset: from + start, bytes: stop + 1 - start, reason: line.reason });
    start = stop + 1;
  }
  const scan = { values, damaged, end: from + start, unterminated: false, torn: undefined };
  if (start === bytes.length) return scan;
  const line = decodeLine(bytes.subarray(start));
  if (!line.ok) return { ...scan, torn: { offset: from + start, bytes: bytes.length - start, reason: line.reason } };
  values.push(line.value);
  return { ...scan, end: from + bytes.length, unterminated: true };
}
