import { of, throwError } from 'rxjs';

import { RpcError, TransportError } from '../../../src/index.js';
import { errorOf, first, kindOf, Trial } from '../../../src/testing/conformance/trial.js';
import { fakeWire } from '../../../src/testing/index.js';

const trialOf = (wire = fakeWire()): Trial => new Trial('C2', { wire }, ['sink']);

describe('Trial', () => {
  it('says what should be and what is', () => {
    const trial = trialOf();
    expect(() => trial.same('it', [1], [1])).not.toThrow();
    expect(() => trial.same('it', [1], [2])).toThrow('C2: it: expected [2], but it is [1]');
    expect(() => trial.same('it', undefined, 'x'.repeat(1_000))).toThrow(
      /x… \(1002 characters\), but it is undefined$/,
    );
    expect(() => trial.holds('it is so', false)).toThrow('C2: not so: it is so');
    expect(() => trial.is('it', 'text', {})).toThrow('C2: it: it is text');
  });

  it('compares the members of an error', async () => {
    const trial = trialOf();
    await trial.fails('it', Promise.reject(new RpcError(1, 'no')), { code: 1, message: 'no' });
    await expect(trial.fails('it', Promise.reject(new RpcError(1, 'no')), { code: 2 })).rejects.toThrow('it, code');
    await expect(trial.fails('it', Promise.resolve(1), {})).rejects.toThrow('it is undefined');
  });

  it('tells the faults it was run with, so that they can be had again', async () => {
    const wire = fakeWire();
    const trial = trialOf(wire);
    trial.client({ faults: { seed: 9, inbound: 'd' } });
    wire.receive({ method: 'mark' });
    expect(() => trial.broken('so')).toThrow(/so\n {2}on a bad line: seed 9, inbound 'd', outbound '[-dgs]'$/);
    wire.end();
  });

  it('knows what a wire can show, and what a link cannot do', () => {
    expect([trialOf().can('sink'), trialOf().can('kill')]).toEqual([true, false]);
    expect(() => trialOf().kill()).toThrow('C2: the harness says that it can kill, and its link cannot');
  });

  it('names how an answer ended', async () => {
    expect([undefined, new RpcError(5, ''), new TransportError('full', ''), 'x'].map(kindOf)).toEqual([
      'result',
      '5',
      'full',
      'x',
    ]);
    expect(await errorOf(Promise.reject(new Error('x')))).toBeInstanceOf(Error);
    expect(await errorOf(Promise.resolve(1))).toBeUndefined();
    expect(await first(of(1, 2))).toBe(1);
    await expect(first(throwError(() => 'no'))).rejects.toBe('no');
  });
});
