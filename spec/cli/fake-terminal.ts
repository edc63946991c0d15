import { type Observable, Subject } from 'rxjs';

import type { Terminal } from '../../src/cli/terminal.js';

/** A terminal that is the spec's: what was written, and what the user does. */
export interface FakeTerminal extends Terminal {
  readonly out: () => string;
  readonly errors: () => string;
  /** The user types a line. */
  readonly type: (line: string) => void;
  /** The user presses Ctrl-C. */
  readonly interrupt: () => void;
  /** The reader of the output goes away. */
  readonly abandon: () => void;
  /** The input ends. */
  readonly endInput: () => void;
  /** Nobody takes the output for a while. */
  readonly fill: () => unknown;
  /** It is taken again. */
  readonly drain: () => void;
  /** Whether someone waits for the user to type. */
  readonly isAsking: () => boolean;
}

export function fakeTerminal(options: { readonly canAsk?: boolean; readonly hasColors?: boolean } = {}): FakeTerminal {
  let out = '';
  let errors = '';
  let isFull = false;
  const drained = new Subject<void>();
  const lines = new Subject<string>();
  const interrupts = new Subject<void>();
  const unread = new Subject<void>();
  const lines$: Observable<string> | undefined = options.canAsk === true ? lines.asObservable() : undefined;
  return {
    write: (text) => (out += text),
    hasRoom: () => !isFull,
    drained$: drained.asObservable(),
    fill: () => (isFull = true),
    drain: () => {
      isFull = false;
      drained.next();
    },
    writeError: (text) => (errors += text),
    lines$,
    hasColors: options.hasColors ?? false,
    interrupts$: interrupts.asObservable(),
    unread$: unread.asObservable(),
    cwd: '/usr',
    out: () => out,
    errors: () => errors,
    type: (line) => lines.next(line),
    interrupt: () => interrupts.next(),
    abandon: () => unread.next(),
    endInput: () => lines.complete(),
    isAsking: () => lines.observed,
  };
}
