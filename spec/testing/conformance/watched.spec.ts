import { NEVER, of, Subject, throwError } from 'rxjs';

import { Watched } from '../../../src/testing/conformance/watched.js';

describe('Watched', () => {
  it('remembers values and the end', async () => {
    const watched = new Watched(of(1, 2));
    await watched.ended();
    expect([watched.values, watched.ends, watched.error]).toEqual([[1, 2], 1, undefined]);
    const failed = new Watched(throwError(() => 'no'));
    await failed.ended();
    expect([failed.values, failed.ends, failed.error]).toEqual([[], 1, 'no']);
  });

  it('waits for a number of values, and rejects if they never come', async () => {
    const source = new Subject<string>();
    const watched = new Watched(source);
    const reached = watched.reaches(2);
    const never = watched.reaches(3);
    source.next('a');
    source.next('b');
    await reached;
    source.complete();
    await expect(never).rejects.toThrow();
  });

  it('lets go', () => {
    const source = new Subject<string>();
    const watched = new Watched(source);
    watched.unsubscribe();
    expect(source.observed).toBe(false);
    new Watched(NEVER).unsubscribe();
  });
});
