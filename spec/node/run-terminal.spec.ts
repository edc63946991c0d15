import { BehaviorSubject, of, VirtualTimeScheduler } from 'rxjs';

import type { CommandControl } from '../../src/app-server/index.js';
import { runTerminal, type TerminalOptions } from '../../src/node/run-terminal.js';
import type { TerminalModule } from '../../src/node/terminal-module.js';

/** A terminal that does what the spec says. The real one is in the checks of the package. */
class PaperTerminal implements TerminalModule {
  readonly done: string[] = [];
  data: (data: string) => void = () => undefined;
  exit: (exit: { exitCode: number; signal?: number }) => void = () => undefined;

  spawn: TerminalModule['spawn'] = (file, args, { cols, rows, name, cwd }) => {
    this.done.push(`${file} ${args.join(' ')} ${cols}x${rows} ${name} ${cwd}`);
    return {
      // No process has it: what is sent to it goes nowhere.
      pid: 2 ** 30,
      onData: (listener) => (this.data = listener),
      onExit: (listener) => (this.exit = listener),
      write: (data) => this.done.push(`write ${JSON.stringify(data.toString())}`),
      resize: (columns, lines) => this.done.push(`resize ${columns}x${lines}`),
      pause: () => this.done.push('pause'),
      resume: () => this.done.push('resume'),
    };
  };
}

const options: TerminalOptions = {
  file: 'sh',
  args: ['-i'],
  cwd: '/',
  env: { TERM: 'vt100' },
  size: { rows: 24, cols: 80 },
  grace: 10,
  scheduler: new VirtualTimeScheduler(),
};

const terminals: PaperTerminal[] = [];
const paper = (): PaperTerminal => {
  const terminal = new PaperTerminal();
  terminals.push(terminal);
  return terminal;
};
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.exit({ exitCode: 0 });
});

describe('runTerminal', () => {
  it('tells what the terminal shows and how the program ended', () => {
    const pty = paper();
    const seen: string[] = [];
    runTerminal(pty, options, of(true)).subscribe({
      next: (event) => {
        if (event.type === 'output') seen.push(`${event.stream} ${Buffer.from(event.bytes).toString()}`);
        else seen.push(event.type === 'exited' ? `exit ${event.exitCode}` : event.type);
      },
      complete: () => seen.push('|'),
    });
    pty.data(Buffer.from('hi') as unknown as string);
    pty.exit({ exitCode: 4 });
    expect(pty.done).toEqual(['sh -i 80x24 vt100 /', 'resume']);
    expect(seen).toEqual(['started', 'stdout hi', 'exit 4', '|']);
  });

  it('tells a signal as a shell would', () => {
    const pty = paper();
    const codes: number[] = [];
    runTerminal(pty, options, of(true)).subscribe((event) => event.type === 'exited' && codes.push(event.exitCode));
    pty.exit({ exitCode: 0, signal: 15 });
    expect(codes).toEqual([143]);
  });

  it('takes input, its end as a key, and a size', () => {
    const pty = paper();
    let control: CommandControl | undefined;
    runTerminal(pty, options, of(true)).subscribe((event) => {
      if (event.type === 'started') control = event.control;
    });
    control?.write(Buffer.from('ls\n')).subscribe();
    control?.resize({ rows: 3, cols: 9 });
    control?.endInput();
    expect(pty.done.slice(2)).toEqual(['write "ls\\n"', 'resize 9x3', 'write "\\u0004"']);
  });

  it('is not read while nobody has room', () => {
    const pty = paper();
    const writable$ = new BehaviorSubject(true);
    runTerminal(pty, options, writable$).subscribe();
    writable$.next(false);
    writable$.next(true);
    expect(pty.done.slice(1)).toEqual(['resume', 'pause', 'resume']);
  });

  it('leaves no listener on the process behind', () => {
    const pty = paper();
    const before = process.listenerCount('exit');
    runTerminal(pty, options, of(true)).subscribe();
    expect(process.listenerCount('exit')).toBe(before + 1);
    pty.exit({ exitCode: 0 });
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('errors where no module for terminals is', () => {
    let message = '';
    runTerminal(undefined, options, of(true)).subscribe({ error: (error: Error) => (message = error.message) });
    expect(message).toBe('this server has no terminals');
  });
});
