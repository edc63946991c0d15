import { resultName, toPascalCase } from '../../../src/codex/codegen/result-name.js';

describe('resultName', () => {
  const definitions = new Set(['TurnStartResponse', 'LogoutAccountResponse', 'ConfigReadResponse', 'Odd']);

  it.each([
    ['turn/start', 'TurnStartParams', 'TurnStartResponse'],
    ['account/logout', undefined, 'LogoutAccountResponse'],
    ['config/read', undefined, 'ConfigReadResponse'],
    ['turn/stop', 'TurnStopParams', undefined],
    ['odd', 'Odd', undefined],
  ])('of %s with %s is %s', (name, params, expected) => {
    expect(resultName({ name, ...(params !== undefined && { params }) }, definitions)).toBe(expected);
  });
});

describe('toPascalCase', () => {
  it('joins the words of a method', () => {
    expect(['item/started', 'mcpServer/oauth-login', 'error'].map(toPascalCase)).toEqual([
      'ItemStarted',
      'McpServerOauthLogin',
      'Error',
    ]);
  });
});
