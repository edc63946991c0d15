import { ItemLog } from '../../src/app-server/item-log.js';

const command = { type: 'commandExecution', id: 'c', command: 'ls' } as const;
const message = { type: 'agentMessage', id: 'm' } as const;
const logOf = (): ItemLog => new ItemLog({ output: 10, message: 20 });

describe('ItemLog', () => {
  it('shows a command that runs with what it wrote so far', () => {
    const log = logOf();
    expect(log.start(command, '/here', 5)).toMatchObject({
      cwd: '/here',
      status: 'inProgress',
      aggregatedOutput: null,
      startedAtMs: 5,
    });
    expect(log.append('c', 'one')).toBe('item/commandExecution/outputDelta');
    expect(log.toItems()).toMatchObject([
      { id: 'c', status: 'inProgress', aggregatedOutput: 'one', completedAtMs: null },
    ]);
  });

  it('takes a folder and a process of the agent in place of the defaults', () => {
    expect(logOf().start({ ...command, cwd: '/there', processId: '7' }, '/here', 0)).toMatchObject({
      cwd: '/there',
      processId: '7',
    });
  });

  it('completes a command with its exit code, its time and its output', () => {
    const log = logOf();
    log.start(command, '/', 5);
    log.append('c', 'one');
    expect(log.complete('c', { exitCode: 0, processId: '9' }, 25)).toMatchObject({
      status: 'completed',
      exitCode: 0,
      processId: '9',
      durationMs: 20,
      aggregatedOutput: 'one',
      completedAtMs: 25,
    });
  });

  it.each([
    [{ exitCode: 3 }, 'failed', 20],
    [{}, 'completed', 20],
    [{ status: 'declined' }, 'declined', null],
    [{ status: 'failed', text: 'why' }, 'failed', null],
  ] as const)('says of the outcome %j that the command is %s', (outcome, status, durationMs) => {
    const log = logOf();
    log.start(command, '/', 5);
    expect(log.complete('c', outcome, 25)).toMatchObject({ status, durationMs });
  });

  it('keeps the beginning and the end of a long output and notes what is missing', () => {
    const log = logOf();
    log.start(command, '/', 0);
    for (const delta of ['abcdefgh', 'ijklmnop', 'qrstuvwx']) log.append('c', delta);
    expect(log.complete('c', {}, 1)).toMatchObject({
      aggregatedOutput: 'abcde\n[... 14 characters left out ...]\ntuvwx',
    });
  });

  it('joins the deltas of a message, or takes its whole text from the agent', () => {
    const log = logOf();
    log.start(message, '/', 0);
    expect(log.append('m', 'hel')).toBe('item/agentMessage/delta');
    log.append('m', 'lo');
    expect(log.complete('m', {}, 1)).toMatchObject({ text: 'hello', completedAtMs: 1 });
    log.start({ ...message, id: 'm2' }, '/', 0);
    log.append('m2', 'hel');
    expect(log.complete('m2', { text: 'goodbye' }, 1)).toMatchObject({ text: 'goodbye' });
  });

  it('knows the last message that is complete', () => {
    const log = logOf();
    expect(log.lastMessage()).toBeUndefined();
    log.start(message, '/', 0);
    expect(log.lastMessage()).toBeUndefined();
    log.complete('m', { text: 'first' }, 1);
    log.start({ ...message, id: 'm2' }, '/', 0);
    expect(log.lastMessage()).toMatchObject({ text: 'first' });
  });

  it('lists items in the order they began, what the user said included', () => {
    const log = logOf();
    log.say('u', [{ type: 'text', text: 'hi' }], 3);
    log.start(message, '/', 4);
    log.start(command, '/', 5);
    log.complete('c', {}, 6);
    expect(log.toItems().map(({ id }) => id)).toEqual(['u', 'm', 'c']);
    expect(log.toItems()[0]).toEqual({
      type: 'userMessage',
      id: 'u',
      content: [{ type: 'text', text: 'hi' }],
      startedAtMs: 3,
      completedAtMs: 3,
    });
  });

  it('refuses an item that is started twice and one that is not open', () => {
    const log = logOf();
    log.start(message, '/', 0);
    expect(() => log.start(message, '/', 0)).toThrow('the agent started the item m twice');
    expect(() => log.append('x', '')).toThrow('the agent spoke of the item x, which is not open');
    log.complete('m', {}, 1);
    expect(() => log.complete('m', {}, 1)).toThrow('not open');
  });
});
