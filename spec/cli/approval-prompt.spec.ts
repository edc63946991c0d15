import { take } from 'rxjs';

import { askOnTerminal } from '../../src/cli/approval-prompt.js';
import { fakeTerminal } from './fake-terminal.js';

const question = 'ls\nRun it? [y]es, [a]lways, [n]o, [c]ancel the turn: ';

describe('the question on the terminal', () => {
  it.each([
    ['y', 'accept'],
    [' YES ', 'accept'],
    ['a', 'acceptForSession'],
    ['always', 'acceptForSession'],
    ['n', 'decline'],
    ['no', 'decline'],
    ['c', 'cancel'],
    ['cancel', 'cancel'],
  ])('takes "%s" for %s', (line, decision) => {
    const terminal = fakeTerminal({ canAsk: true });
    const decisions: unknown[] = [];
    askOnTerminal(terminal, { verb: 'run', object: 'ls' }).subscribe((answer) => decisions.push(answer));
    expect(terminal.errors()).toBe(question);
    terminal.type(line);
    expect(decisions).toEqual([decision]);
    expect(terminal.isAsking()).toBe(false);
  });

  it('is asked again until the answer makes sense', () => {
    const terminal = fakeTerminal({ canAsk: true });
    const decisions: unknown[] = [];
    askOnTerminal(terminal, { verb: 'run', object: 'ls' }).subscribe((answer) => decisions.push(answer));
    for (const line of ['', 'what?', 'toString', 'y']) terminal.type(line);
    expect(decisions).toEqual(['accept']);
    expect(terminal.errors().match(/Run it/g)).toHaveLength(4);
  });

  it('is a no when the input ends, and leaves its line', () => {
    const terminal = fakeTerminal({ canAsk: true });
    const decisions: unknown[] = [];
    askOnTerminal(terminal, { verb: 'run', object: 'ls' }).subscribe((answer) => decisions.push(answer));
    terminal.endInput();
    expect(decisions).toEqual(['decline']);
    expect(terminal.errors()).toBe(`${question}\n`);
  });

  it('leaves the line it stands on when it is taken back', () => {
    const terminal = fakeTerminal({ canAsk: true });
    askOnTerminal(terminal, { verb: 'run', object: 'ls' }).subscribe().unsubscribe();
    expect(terminal.errors()).toBe(`${question}\n`);
    expect(terminal.isAsking()).toBe(false);
  });

  it('leaves the line alone when the answer was given on it', () => {
    const terminal = fakeTerminal({ canAsk: true });
    askOnTerminal(terminal, { verb: 'run', object: 'ls' }).pipe(take(1)).subscribe();
    terminal.type('y');
    expect(terminal.errors()).toBe(question);
  });

  it('is a no without a terminal, and says how to get a yes', () => {
    const terminal = fakeTerminal();
    const decisions: unknown[] = [];
    askOnTerminal(terminal, { verb: 'run', object: 'ls' }).subscribe((answer) => decisions.push(answer));
    expect(decisions).toEqual(['decline']);
    expect(terminal.errors()).toBe('declined: there is no terminal to ask on whether to run "ls"; --yes accepts it\n');
  });

  it('has other words for what is no command', () => {
    const terminal = fakeTerminal({ canAsk: true });
    askOnTerminal(terminal, { verb: 'change', object: 'a.ts' }).subscribe();
    expect(terminal.errors()).toBe('a.ts\nChange it? [y]es, [a]lways, [n]o, [c]ancel the turn: ');
  });
});
