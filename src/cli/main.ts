#!/usr/bin/env node
import { createInterface } from 'node:readline';

import { fromEvent, map, merge, Observable, share, throttleTime } from 'rxjs';

import { ExitCode } from './exit-code.js';
import { runProgram } from './run-program.js';
import type { Terminal } from './terminal.js';

const { stdin, stdout, stderr, env } = process;

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const SAME_INTERRUPT = 300;

const interrupts$ = merge(...['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => fromEvent(process, signal))).pipe(
  throttleTime(SAME_INTERRUPT),
  share(),
);
const unread$ = fromEvent(stdout, 'error').pipe(share());

const lines$ = new Observable<string>((subscriber) => {
  const reader = createInterface({ input: stdin, terminal: false });
  reader.on('line', (line) => {
    subscriber.next(line);
  });
  reader.on('close', () => {
    subscriber.complete();
  });
  return () => {
    reader.close();
    // A stream that flows keeps the process alive.
    stdin.pause();
  };
});

const terminal: Terminal = {
  write: (text) => {
    stdout.write(text);
  },
  writeError: (text) => {
    stderr.write(text);
  },
  lines$: stdin.isTTY ? lines$ : undefined,
  hasColors: stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
  interrupts$,
  unread$,
  cwd: process.cwd(),
};

// The first interrupt is the program's; whoever repeats it does not want to wait. What still runs is killed on exit.
interrupts$.pipe(map((_, index) => index)).subscribe((index) => {
  if (index > 0) process.exit(ExitCode.Interrupted);
});
unread$.subscribe();
stderr.on('error', () => undefined);

runProgram(process.argv.slice(2), terminal).subscribe((exitCode) => {
  process.exitCode = exitCode;
});
