import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

import { BehaviorSubject, Observable, take } from 'rxjs';

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
 * - On complete: when the stream has ended or was closed, and all of it was taken. - On unsubscribe: the stream is left as
 * it is.
 *
 * @param writable$ While it is false nothing is read, and the rest of what was read waits: one chunk may have thousands
 * of lines. It tells its state to whoever subscribes.
 * @internal
 */
export function childOutput(stream: Readable, writable$: Observable<boolean>): Observable<string> {
  return new Observable((subscriber) => {
    const decoder = new StringDecoder('utf8');
    const mayRead$ = new BehaviorSubject(true);
    let isWritable = true;
    let hasEnded = false;
    let text = '';
    let from = 0;
    const emit = (): void => {
      while (isWritable && from < text.length && !subscriber.closed) {
        const start = from;
        from = endOfPiece(text, from);
        subscriber.next(text.slice(start, from));
      }
      const isTaken = from === text.length;
      if (isTaken && hasEnded) subscriber.complete();
      else mayRead$.next(isTaken && isWritable);
    };
    const add = (more: string): void => {
      text = text.slice(from) + more;
      from = 0;
      emit();
    };
    subscriber.add(
      writable$.subscribe((told) => {
        // What another reader did when it was told may have changed it again.
        isWritable = told && latest(writable$);
        emit();
      }),
    );
    subscriber.add(
      childChunks(stream, mayRead$).subscribe({
        next: (chunk) => add(decoder.write(chunk)),
        complete: () => {
          hasEnded = true;
          add(decoder.end());
        },
      }),
    );
  });
}

function latest(state$: Observable<boolean>): boolean {
  let state = false;
  state$.pipe(take(1)).subscribe((now) => (state = now));
  return state;
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
