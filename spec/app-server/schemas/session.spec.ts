import { ConfigRequirementsResult, InitializeParams, InitializeResult } from '../../../src/app-server/index.js';

describe('session schemas', () => {
  it('need a name and a version of the client, and no capabilities', () => {
    const clientInfo = { name: 'x', version: '1', title: null };
    expect(InitializeParams.safeParse({ clientInfo }).success).toBe(true);
    expect(InitializeParams.safeParse({ clientInfo, capabilities: null }).success).toBe(true);
    expect(InitializeParams.safeParse({ clientInfo, capabilities: { experimentalApi: true } }).success).toBe(true);
    expect(InitializeParams.safeParse({ clientInfo: { name: 'x' } }).success).toBe(false);
    expect(InitializeParams.safeParse({}).success).toBe(false);
  });

  it('accept what a server tells of itself', () => {
    const result = { userAgent: 'a', codexHome: '', platformFamily: 'unix', platformOs: 'linux', more: 1 };
    expect(InitializeResult.safeParse(result).success).toBe(true);
    expect(InitializeResult.safeParse({}).success).toBe(false);
  });

  it('accept requirements, or none', () => {
    expect(ConfigRequirementsResult.safeParse({ requirements: null }).success).toBe(true);
    expect(ConfigRequirementsResult.safeParse({ requirements: { any: [1] } }).success).toBe(true);
    expect(ConfigRequirementsResult.safeParse({}).success).toBe(false);
  });
});
