import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CLIENT_INFO } from '../../src/codex/client-info.js';

describe('CLIENT_INFO', () => {
  it('is this package', () => {
    const { name, version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as object & {
      readonly name: string;
      readonly version: string;
    };
    expect(CLIENT_INFO).toEqual({ name, version });
  });
});
