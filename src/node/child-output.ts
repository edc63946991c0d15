import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

import { Observable } from 'rxjs';

import { childChunks } from './child-chunks.js';

/** Most characters of one piece. A line that is longer comes in several. */
const LONGEST_PIECE = 8_192;

/**
 * What a child process writes, as text, in pieces that end where its lines end.
 *
 * Nothing is held back for the sake of a whole line: what stands behind the last newline of a chunk comes at once as a
 * piece of its own. Only the bytes of an unfinished UTF-8 character wait for the rest of it. Joined, the pieces are the
 * output.
 *
 * - On complete: when the stream has ended or was closed. - On unsubscribe: the stream is left as it is.
 *
 * @param writable$ While it is false nothing is read.
 * @internal
 */
export function childOutput(stream: Readable, writable$: Observable<boolean>): Observable<string> {
  return new Observable((subscriber) => {
    const decoder = new StringDecoder('utf8');
    const emit = (text: string): void => {
      for (let from = 0; from < text.length && !subscriber.closed;) {
        const to = endOfPiece(text, from);
        subscriber.next(text.slice(from, to));
        from = to;
      }
    };
    return childChunks(stream, writable$).subscribe({
      next: (chunk) => {
        emit(decoder.write(chunk));
      },
      complete: () => {
        emit(decoder.end());
        subscriber.complete();
      },
    });
  });
}

function endOfPiece(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const to = newline === -1 ? text.length : newline + 1;
  if (to - from <= LONGEST_PIECE) return to;
  const cut = from + LONGEST_PIECE;
  // The two halves of a character stay together.
  const last = text.charCodeAt(cut - 1);
  return last >= 0xd800 && last <= 0xdbff ? cut - 1 : cut;
}
