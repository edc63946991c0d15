import { asyncScheduler, BehaviorSubject, lastValueFrom, of, type Subscription, toArray } from 'rxjs';

import { childOutput } from '../../src/node/child-output.js';
import { type ProcessEvent, type ProcessOptions, runProcess } from '../../src/node/run-process.js';
import { isAlive, until } from './processes.js';

const optionsFor = (command: string, options: Partial<ProcessOptions<string>> = {}): ProcessOptions<string> => ({
  file: '/bin/sh',
  args: ['-c', command],
  cwd: '/',
  env: process.env,
  grace: 50,
  scheduler: asyncScheduler,
  read: (stream) => childOutput(stream, of(true)),
  ...options,
});

const eventsOf = (command: string, options?: Partial<ProcessOptions<string>>): Promise<ProcessEvent<string>[]> =>
  lastValueFrom(runProcess(optionsFor(command, options)).pipe(toArray()));

const outputOf = (events: readonly ProcessEvent<string>[]): string =>
  events.map((event) => (event.type === 'output' ? event.output : '')).join('');

describe('runProcess', () => {
  it('tells the start, the output of both streams and the exit, in this order', async () => {
    const events = await eventsOf('echo out; echo err >&2; exit 4');
    expect(events[0]).toMatchObject({ type: 'started', pid: expect.any(Number) as number });
    expect(outputOf(events).split('\n').sort()).toEqual(['', 'err', 'out']);
    expect(events.at(-1)).toEqual({ type: 'exited', code: 4, signal: null });
  });

  it('tells the signal that ended it', async () => {
    expect((await eventsOf('kill -KILL $$')).at(-1)).toEqual({ type: 'exited', code: null, signal: 'SIGKILL' });
  });

  it('runs in the folder and the environment it is given, without input', async () => {
    const events = await eventsOf('pwd; echo "$WORD"; cat', { cwd: '/usr', env: { ...process.env, WORD: 'hello' } });
    expect(outputOf(events)).toBe('/usr\nhello\n');
  });

  it.each([
    ['a program that is not there', { file: '/no/such/program' }],
    ['a folder that is not there', { cwd: '/no/such/folder' }],
    ['arguments no program can have', { args: ['-c', 'echo \0'] }],
  ])('errors for %s', async (_, options) => {
    await expect(eventsOf('echo', options)).rejects.toThrow();
  });

  it('ends with all it has started when it is unsubscribed', async () => {
    const pids: number[] = [];
    const subscription: Subscription = runProcess(
      optionsFor(`trap '' TERM; sh -c "trap '' TERM; echo \\$\\$; while :; do sleep 1; done" & wait; wait`),
    ).subscribe((event) => {
      if (event.type === 'started') pids.push(event.pid);
      if (event.type === 'output') pids.push(Number(event.output));
    });
    await until(() => pids.length === 2);
    expect(pids.every(isAlive)).toBe(true);
    subscription.unsubscribe();
    await until(() => !pids.some(isAlive));
  });

  it('ends what it leaves behind when it exits, and does not wait for that to close the pipe', async () => {
    const events = await eventsOf('sleep 1000 & echo $!');
    const pid = Number(outputOf(events));
    expect(events.at(-1)).toMatchObject({ type: 'exited', code: 0 });
    await until(() => !isAlive(pid));
  });

  (process.platform === 'linux' ? it : it.skip)(
    'does not wait for one that has left its group and holds the pipe',
    async () => {
      const events = await eventsOf(`setsid sh -c 'echo $$; exec sleep 1000' & sleep 0.2`);
      expect(events.at(-1)).toMatchObject({ type: 'exited', code: 0 });
      process.kill(Number(outputOf(events)), 'SIGKILL');
    },
  );

  it('reads all that was written before the exit, however late it is read', async () => {
    const writable$ = new BehaviorSubject(false);
    const events: ProcessEvent<string>[] = [];
    runProcess(optionsFor('seq 5000', { read: (stream) => childOutput(stream, writable$), grace: 10 })).subscribe(
      (event) => events.push(event),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(events.map(({ type }) => type)).toEqual(['started']);
    writable$.next(true);
    await until(() => events.at(-1)?.type === 'exited');
    expect(outputOf(events).split('\n')).toHaveLength(5_001);
  });

  it('may be unsubscribed as soon as it has started', async () => {
    const before = process.listenerCount('exit');
    let pid = 0;
    const subscription: Subscription = runProcess(optionsFor('sleep 1000')).subscribe((event) => {
      if (event.type === 'started') pid = event.pid;
      queueMicrotask(() => {
        subscription.unsubscribe();
      });
    });
    await until(() => pid > 0 && !isAlive(pid));
    await until(() => process.listenerCount('exit') === before);
  });

  it('leaves nothing on this process when it has ended', async () => {
    const before = process.listenerCount('exit');
    await Promise.all(Array.from({ length: 10 }, () => eventsOf('exit 0')));
    await until(() => process.listenerCount('exit') === before);
  });
});
