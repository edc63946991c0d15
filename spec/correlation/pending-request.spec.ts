import { Observable, type Observer } from 'rxjs';

import { type PendingOwner, PendingRequest } from '../../src/correlation/index.js';
import { run } from '../../src/testing/index.js';

class Owner implements PendingOwner<PendingRequest> {
  readonly told: string[] = [];

  abandoned({ state }: PendingRequest): void {
    this.told.push(`abandoned while ${state}`);
  }

  expired({ state }: PendingRequest): void {
    this.told.push(`expired while ${state}`);
  }
}

const setUp = (): { owner: Owner; request: PendingRequest; seen: string[] } => {
  const owner = new Owner();
  const seen: string[] = [];
  const observer: Observer<unknown> = {
    next: (value) => seen.push(`${String(value)} while ${request.state}`),
    error: (error) => seen.push(`# ${String(error)} while ${request.state}`),
    complete: () => seen.push('|'),
  };
  const request = new PendingRequest('work', { n: 1 }, observer, owner);
  return { owner, request, seen };
};

describe('PendingRequest', () => {
  describe('A1 ends exactly once', () => {
    it.each<[string, (request: PendingRequest) => void, string[]]>([
      ['by its result', (request) => request.resolve('yes'), ['yes while settled', '|']],
      ['by an error', (request) => request.reject('no'), ['# no while settled']],
      ['by being given up with an error', (request) => request.abandon('late'), ['# late while abandoned']],
      ['by being given up in silence', (request) => request.abandon(), []],
    ])('%s', (_how, end, expected) => {
      const { owner, request, seen } = setUp();
      end(request);
      request.resolve('again');
      request.reject('again');
      request.abandon('again');
      request.unsubscribe();
      expect(seen).toEqual(expected);
      expect(owner.told).toEqual([]);
    });

    it('is over before its observer is told, so that what that does in reaction finds nothing open', () => {
      const owner = new Owner();
      const observer = { next: () => request.unsubscribe(), error: () => undefined, complete: () => request.reject(1) };
      const request: PendingRequest = new PendingRequest('work', undefined, observer, owner);
      request.resolve('yes');
      expect(owner.told).toEqual([]);
    });
  });

  describe('C6 unsubscribing', () => {
    it('tells the owner, who decides what becomes of it', () => {
      const { owner, request, seen } = setUp();
      request.state = 'sent';
      request.unsubscribe();
      expect(owner.told).toEqual(['abandoned while sent']);
      expect(seen).toEqual([]);
    });

    it('is what RxJS does with it as a teardown: when left, and not after the answer', () => {
      run(({ cold, expectObservable }) => {
        const owner = new Owner();
        const answered$ = (answer: string): Observable<unknown> =>
          new Observable((subscriber) => {
            const request = new PendingRequest('work', undefined, subscriber, owner);
            cold(answer).subscribe((value) => request.resolve(value));
            return request;
          });
        const left = '      ^--!';
        const expected = '  -----(a|)';
        const unanswered = '----';
        expectObservable(answered$('-----a')).toBe(expected);
        expectObservable(answered$('-----a'), left).toBe(unanswered);
        cold('          ---------|').subscribe({
          complete: () => expect(owner.told).toEqual(['abandoned while waiting']),
        });
      });
    });
  });

  it('C9 tells its owner when its time is over', () => {
    const { owner, request } = setUp();
    request.state = 'sent';
    request.expire();
    expect(owner.told).toEqual(['expired while sent']);
  });

  it('waits in no queue to begin with', () => {
    const { request } = setUp();
    expect(request).toMatchObject({ id: -1, state: 'waiting', method: 'work', params: { n: 1 } });
    expect(request.queue).toBe(undefined);
  });
});
