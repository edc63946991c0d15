#!/usr/bin/env node
import { createInterface } from 'node:readline';

import { asyncScheduler, fromEvent, map, merge, Observable, share, throttleTime } from 'rxjs';

import { commandAgent } from '../node/index.js';
import { ExitCode } from './exit-code.js';
import { nodeWires } from './node-wires.js';
import { platformOf } from './platform.js';
import { runProgram } from './run-program.js';
import type { Terminal } from './terminal.js';
import type { World } from './world.js';

const { stdin, stdout, stderr, env } = process;

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const SAME_INTERRUPT = 300;

/** Bytes of complaints that may wait for a reader. */
const MOST_UNREAD = 1_048_576;

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
  hasRoom: () => !stdout.writableNeedDrain,
  drained$: fromEvent(stdout, 'drain'),
  writeError: (text) => {
    // What is said about a flood must not become one where nobody reads it.
    if (stderr.writableLength < MOST_UNREAD) stderr.write(text);
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

const world: World = {
  terminal,
  scheduler: asyncScheduler,
  agent: commandAgent(),
  wires: nodeWires,
  platform: platformOf(process.platform),
};

runProgram(process.argv.slice(2), world).subscribe((exitCode) => {
  process.exitCode = exitCode;
});
