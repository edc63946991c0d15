import { EMPTY, NEVER, Observable, of, Subject, type Subscriber, VirtualTimeScheduler } from 'rxjs';

import { type ExecRequest, ExecRun } from '../../../src/app-server/exec/exec-run.js';
import type { AppServerContract, CommandEvent } from '../../../src/app-server/index.js';
import type { HandlerContext, Sent } from '../../../src/server/index.js';
import { ScriptedRunner } from './scripted-runner.js';

const request: ExecRequest = {
  spec: { file: 'x', args: [], cwd: '/', env: {}, hasInput: false, terminal: undefined },
  streamAs: 'p',
  cap: Infinity,
  timeout: Infinity,
};

/** A run whose events become of what the spec says. */
function scene(outcomes: Sent[]): {
  runner: ScriptedRunner;
  writable$: Subject<void>;
  closed$: Subject<void>;
  end: () => void;
} {
  const runner = new ScriptedRunner();
  const writable$ = new Subject<void>();
  const closed$ = new Subject<void>();
  const context = {
    notify: (): Sent => outcomes.shift() ?? 'sent',
    connection: { writable$, closed$ },
  } as unknown as HandlerContext<AppServerContract>;
  const run = new ExecRun(request, context, runner.run, new VirtualTimeScheduler());
  const subscription = run.answer$.subscribe();
  return { runner, writable$, closed$, end: () => subscription.unsubscribe() };
}

describe('a streamed command whose client is slow (E7)', () => {
  it.each<Sent>(['queued', 'dropped'])('waits in its own writes from the first event that is %s', (outcome) => {
    const { runner, writable$ } = scene(['sent', outcome]);
    runner.out('1');
    expect(runner.done).toEqual(['read']);
    runner.out('2');
    expect(runner.done).toEqual(['read', 'pause']);
    writable$.next();
    expect(runner.done).toEqual(['read', 'pause', 'read']);
  });

  it('is asked to wait once, however much it still had to say', () => {
    const { runner, writable$ } = scene(['queued', 'queued', 'queued']);
    runner.out('1');
    runner.out('2');
    expect(writable$.observed).toBe(true);
    writable$.next();
    expect(runner.done).toEqual(['read', 'pause', 'read']);
    runner.out('3');
    expect(runner.done).toEqual(['read', 'pause', 'read', 'pause']);
  });

  it('goes on when the client has gone, for nobody waits for it any more', () => {
    const { runner, closed$ } = scene(['queued', 'closed']);
    runner.out('1');
    closed$.next();
    runner.out('2');
    expect(runner.done).toEqual(['read', 'pause', 'read']);
  });

  it('is ended and waits for nobody once it is unsubscribed', () => {
    const { runner, writable$, end } = scene(['queued']);
    runner.out('1');
    end();
    expect(runner.isRunning).toBe(false);
    expect(writable$.observed).toBe(false);
  });
});

describe('a runner of somebody else (A1)', () => {
  const context = { notify: (): Sent => 'sent' } as unknown as HandlerContext<AppServerContract>;
  const control = { write: () => EMPTY, endInput: () => undefined, resize: () => undefined };

  it.each<[string, () => Observable<CommandEvent>, string]>([
    ['ends without an exit', () => EMPTY, 'nobody knows how the command ended'],
    [
      'throws',
      () => {
        throw new Error('no');
      },
      'no',
    ],
  ])('that %s fails the request', (_, runner, message) => {
    const errors: unknown[] = [];
    const run = new ExecRun(request, context, runner, new VirtualTimeScheduler());
    run.answer$.subscribe({ error: (error: Error) => errors.push(error.message) });
    expect(errors).toEqual([message]);
  });

  it('that tells everything at once is answered at once', () => {
    const results: unknown[] = [];
    const run = new ExecRun(request, context, () => of({ type: 'exited', exitCode: 3 }), new VirtualTimeScheduler());
    run.answer$.subscribe((result) => results.push(result));
    expect(results).toEqual([{ exitCode: 3, stdout: '', stderr: '' }]);
  });

  it('that starts only after the time was up is told to end at once', () => {
    const scheduler = new VirtualTimeScheduler();
    let terminated = 0;
    let started: Subscriber<CommandEvent> | undefined;
    const runner = (): Observable<CommandEvent> =>
      new Observable((subscriber) => {
        started = subscriber;
        return NEVER.subscribe();
      });
    new ExecRun({ ...request, timeout: 5 }, context, runner, scheduler).answer$.subscribe();
    scheduler.flush();
    started?.next({ type: 'started', control: { ...control, terminate: () => (terminated += 1) } });
    expect(terminated).toBe(1);
  });
});
