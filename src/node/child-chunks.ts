import type { Readable } from 'node:stream';

import { BehaviorSubject, combineLatest, distinctUntilChanged, map, Observable } from 'rxjs';

/**
 * What a child process writes, as it is read.
 *
 * One chunk is read in each turn of the event loop, however many there are: a process that floods must not keep timers,
 * signals and whoever reads the output from having their turn.
 *
 * - On complete: when the stream has ended or was closed. - On unsubscribe: the stream is left as it is.
 *
 * @param writable$ While it is false nothing is read, so that the process waits in its own writes.
 * @internal
 */
export function childChunks(stream: Readable, writable$: Observable<boolean>): Observable<Buffer> {
  return new Observable((subscriber) => {
    const isOurTurn$ = new BehaviorSubject(true);
    let nextTurn: NodeJS.Immediate | undefined;
    const data = (chunk: Buffer): void => {
      isOurTurn$.next(false);
      nextTurn = setImmediate(() => {
        isOurTurn$.next(true);
      });
      subscriber.next(chunk);
    };
    const done = (): void => {
      subscriber.complete();
    };
    stream.on('data', data);
    stream.once('close', done);
    // A pipe that breaks ends the output; how the process ended is told by its exit.
    stream.once('error', done);
    let mayRead = true;
    const resumed = (): void => {
      if (!mayRead) stream.pause();
    };
    // Node itself resumes the streams of a process that exits.
    stream.on('resume', resumed);
    subscriber.add(
      combineLatest([writable$, isOurTurn$])
        .pipe(
          map((may) => may.every(Boolean)),
          distinctUntilChanged(),
        )
        .subscribe((may) => {
          mayRead = may;
          if (may) stream.resume();
          else stream.pause();
        }),
    );
    return () => {
      clearImmediate(nextTurn);
      stream.off('data', data);
      stream.off('resume', resumed);
      stream.off('close', done);
    };
  });
}
