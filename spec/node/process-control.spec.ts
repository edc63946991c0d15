import { spawn } from 'node:child_process';
import { PassThrough, Writable } from 'node:stream';

import { asyncScheduler } from 'rxjs';

import { ProcessControl } from '../../src/node/process-control.js';
import { isAlive, until } from './processes.js';

const controlOf = (stdin: Writable | null): ProcessControl => new ProcessControl(0, stdin, 10, asyncScheduler);

describe('ProcessControl', () => {
  it('has written once the pipe has taken the bytes, not before', () => {
    let taken = (): void => undefined;
    const stdin = new Writable({ write: (_chunk, _encoding, done) => (taken = done) });
    let isWritten = false;
    controlOf(stdin)
      .write(new Uint8Array([1]))
      .subscribe({ complete: () => (isWritten = true) });
    expect(isWritten).toBe(false);
    taken();
    return until(() => isWritten);
  });

  it('errors where there is no input, and where it has ended', async () => {
    const errors: string[] = [];
    const error = ({ message }: Error): number => errors.push(message);
    controlOf(null)
      .write(new Uint8Array([1]))
      .subscribe({ error });
    const stdin = new PassThrough();
    stdin.on('error', () => undefined);
    const control = controlOf(stdin);
    control.endInput();
    control.write(new Uint8Array([1])).subscribe({ error });
    await until(() => errors.length === 2);
    expect(errors).toEqual([
      'the command was started without an input',
      'the command takes no more input: write after end',
    ]);
  });

  it('takes a size for granted where no terminal is', () => {
    expect(() => controlOf(null).resize()).not.toThrow();
    expect(() => controlOf(null).endInput()).not.toThrow();
  });

  it('ends the process, whatever it says to SIGTERM', async () => {
    const child = spawn('/bin/sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 1; done"], { detached: true });
    const pid = child.pid ?? 0;
    await new Promise((resolve) => child.stdout.once('data', resolve));
    new ProcessControl(pid, null, 20, asyncScheduler).terminate();
    await until(() => !isAlive(pid));
  });
});
