import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { VERSION } from '../../src/cli/version.js';

describe('the version', () => {
  it('is the package’s', () => {
    const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
    expect(VERSION).toBe(manifest.version);
  });
});
