import { diagnosticLine } from '../../src/cli/diagnostic-line.js';
import type { Diagnostic } from '../../src/protocol/index.js';

describe('the line on a diagnostic', () => {
  it.each<[Diagnostic, string]>([
    [{ type: 'malformed', error: new SyntaxError('no\n JSON') }, 'malformed: no JSON'],
    [{ type: 'unmatchedResponse', id: 7 }, 'unmatchedResponse: id 7'],
    [{ type: 'unmatchedResponse', id: null, error: { message: 'lost' } }, 'unmatchedResponse: lost'],
    [{ type: 'duplicateRequest', id: 'a', method: 'turn/start' }, 'duplicateRequest: turn/start: id a'],
    [{ type: 'ignoredNotification', method: 'x', reason: 'unknown' }, 'ignoredNotification: x: unknown'],
    [{ type: 'invalidEvent', method: 'x', issues: [] }, 'invalidEvent: x'],
    [{ type: 'handlerFailed', method: 'x', error: new Error('oops') }, 'handlerFailed: x: oops'],
    [{ type: 'unsendable', method: undefined, error: new Error('BigInt') }, 'unsendable: BigInt'],
    [{ type: 'budgetExceeded', budget: 'losslessEvents' }, 'budgetExceeded: losslessEvents'],
  ])('%j', (diagnostic, line) => {
    expect(diagnosticLine(diagnostic)).toBe(line);
  });
});
