import { Lifecycle } from '../../src/client/lifecycle.js';
import { run } from '../../src/testing/index.js';
import { watch } from '../rules/support.js';

const connecting = { type: 'connecting' };
const ready = { type: 'ready' };
const closed = { type: 'closed', reason: 'gone' };
const attempt = (n: number): object => ({ type: 'reconnecting', attempt: n });
const gone = { reason: 'gone', orderly: false };
const failure = new Error('gone');

describe('Lifecycle', () => {
  it('goes from connecting over ready to closed, and each stream ends', () => {
    run(({ cold, expectObservable }) => {
      const life = new Lifecycle();
      const steps = '   -o-x-';
      const states = '  cr-(x|)';
      const readies = ' -(a|)';
      const ends = '    ---(g|)';
      cold(steps).subscribe((step) => {
        if (step === 'o') life.open('hello');
        else life.end(gone, failure);
      });
      expectObservable(life.state$).toBe(states, { c: connecting, r: ready, x: closed });
      expectObservable(life.ready$).toBe(readies, { a: 'hello' });
      expectObservable(life.closed$).toBe(ends, { g: gone });
    });
  });

  it('goes from ready over attempts to ready again, and ready$ is the first session s alone', () => {
    run(({ cold, expectObservable }) => {
      const life = new Lifecycle();
      const steps = '   -o-1-2-o-x-';
      const states = '  cr-1-2-r-(x|)';
      const readies = ' -(a|)';
      const values = { c: connecting, r: ready, x: closed, 1: attempt(1), 2: attempt(2) };
      cold(steps).subscribe((step) => {
        if (step === 'o') life.open('hello');
        else if (step === 'x') life.end(gone, failure);
        else life.retry(Number(step));
      });
      expectObservable(life.state$).toBe(states, values);
      expectObservable(life.ready$).toBe(readies, { a: 'hello' });
    });
  });

  it('tells late subscribers where it stands, and how it ended', () => {
    run(({ cold, expectObservable }) => {
      const life = new Lifecycle();
      life.open('hello');
      const late = '     -^--';
      const beforeEnd = '-r-(x|)';
      const afterEnd = ' ----(x|)';
      cold('             ---x').subscribe(() => life.end(gone, failure));
      expectObservable(life.state$, late).toBe(beforeEnd, { r: ready, x: closed });
      expectObservable(life.state$, '----^').toBe(afterEnd, { x: closed });
      expectObservable(life.ready$, '----^').toBe('----(a|)', { a: 'hello' });
      expectObservable(life.closed$, '----^').toBe('----(g|)', { g: gone });
    });
  });

  describe('H1 without a session', () => {
    it('ready$ errors with the reason of the end', () => {
      const life = new Lifecycle();
      life.end(gone, failure);
      expect(watch(life.ready$)).toMatchObject({ values: [], end: 'error', error: failure });
    });

    it('ready$ keeps the better reason of a refusal; state$ and closed$ never error', () => {
      const life = new Lifecycle();
      life.refuse(new Error('not you'));
      life.end(gone, failure);
      expect(watch(life.ready$).error).toEqual(new Error('not you'));
      expect(watch(life.state$)).toMatchObject({ values: [closed], end: 'complete' });
      expect(watch(life.closed$)).toMatchObject({ values: [gone], end: 'complete' });
    });
  });

  it('E5 shows everybody one order, when a listener ends it from inside ready', () => {
    const life = new Lifecycle();
    life.state$.subscribe(({ type }) => {
      if (type === 'ready') life.end(gone, failure);
    });
    const second = watch(life.state$);
    life.open('hello');
    expect(second).toMatchObject({ values: [connecting, ready, closed], end: 'complete', ends: 1 });
  });

  it('stays closed', () => {
    const life = new Lifecycle();
    life.end(gone, failure);
    life.open('hello');
    expect(watch(life.state$).values).toEqual([closed]);
    expect(watch(life.ready$).values).toEqual([]);
  });
});
