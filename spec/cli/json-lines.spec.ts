import { lagged } from '../../src/backpressure/index.js';
import { endLine, eventLine } from '../../src/cli/json-lines.js';

describe('the lines of JSON', () => {
  it('tell an event by type, method, params and number', () => {
    expect(
      eventLine({ type: 'notification', method: 'thread/closed', params: { threadId: 't' }, seq: 7, first: 3 }),
    ).toBe('{"type":"notification","method":"thread/closed","params":{"threadId":"t"},"seq":7}\n');
    expect(eventLine({ type: 'unknown', method: 'x', params: 'a\nb', seq: 8 })).toBe(
      '{"type":"unknown","method":"x","params":"a\\nb","seq":8}\n',
    );
  });

  it('tell a question by its id as well', () => {
    const method = 'item/commandExecution/requestApproval';
    expect(eventLine({ type: 'serverRequest', id: 0, method, params: {} as never, seq: 1 })).toBe(
      `{"type":"serverRequest","id":0,"method":"${method}","params":{},"seq":1}\n`,
    );
  });

  it('tell a gap (E2)', () => {
    expect(eventLine(lagged(3))).toBe('{"type":"lagged","skipped":3}\n');
  });

  it('tell the end', () => {
    expect(endLine({ status: 'completed', error: null, exitCode: 0 })).toBe(
      '{"type":"end","status":"completed","error":null,"exitCode":0}\n',
    );
  });
});
