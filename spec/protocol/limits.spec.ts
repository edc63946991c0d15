import { resolveLimits } from '../../src/protocol/index.js';

const common = {
  concurrency: Infinity,
  events: 128,
  losslessEvents: 2_048,
  bytes: 67_108_864,
  serverRequests: 128,
  unsentAnswers: 128,
};

describe('resolveLimits', () => {
  it.each([
    ['a client in process', 'client', true, { requests: 128, inFlight: Infinity }],
    ['a server in process', 'server', true, { requests: 128, inFlight: Infinity }],
    ['a client of another process', 'client', false, { requests: 16_384, inFlight: 64 }],
    ['a server of other processes', 'server', false, { requests: 128, inFlight: 64 }],
  ] as const)('C4: has defaults for %s', (_name, end, local, own) => {
    expect(resolveLimits({}, end, local)).toEqual({ ...common, ...own });
  });

  it('takes capacity for requests, events and server requests, and grows the lossless budget with it', () => {
    expect(resolveLimits({ capacity: 4 }, 'client', false)).toMatchObject({
      requests: 4,
      events: 4,
      losslessEvents: 64,
      serverRequests: 4,
      inFlight: 64,
      unsentAnswers: 128,
    });
  });

  it('prefers a limit that is given to capacity', () => {
    const limits = {
      requests: 1,
      inFlight: 2,
      concurrency: 3,
      events: 4,
      losslessEvents: 5,
      bytes: 6,
      serverRequests: 7,
      unsentAnswers: 8,
    };
    expect(resolveLimits({ capacity: 100, limits }, 'server', false)).toEqual(limits);
  });

  it.each([
    [0, 1],
    [-3, 1],
    [NaN, 1],
    [0.5, 1],
    [2.9, 2],
    [Infinity, Infinity],
  ])('makes %d to %d, for each limit', (given, expected) => {
    const keys = [
      'requests',
      'inFlight',
      'concurrency',
      'events',
      'losslessEvents',
      'bytes',
      'serverRequests',
      'unsentAnswers',
    ];
    const limits = Object.fromEntries(keys.map((key) => [key, given]));
    expect(resolveLimits({ limits }, 'client', true)).toEqual(Object.fromEntries(keys.map((key) => [key, expected])));
  });

  it('takes undefined for "not given"', () => {
    expect(resolveLimits({ limits: undefined, capacity: undefined }, 'server', true)).toEqual(
      resolveLimits({}, 'server', true),
    );
  });
});
