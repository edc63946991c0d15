// Writes what each entry point promises to etc/*.api.md, or checks that nothing has changed there.
//
//   node scripts/api.mjs [--check]
//
// A change of a report is a change of the API: it belongs in CHANGELOG.md, and is reviewed as such.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

import { entryPoints, root } from './entry-points.mjs';

const check = process.argv.includes('--check');
const config = join(root, 'api-extractor.json');
const fresh = mkdtempSync(join(tmpdir(), 'rx-sluice-api-'));
process.on('exit', () => rmSync(fresh, { recursive: true, force: true }));

const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale', 'esm'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);

for (const { name, short, types } of entryPoints) {
  const settings = ExtractorConfig.loadFile(config);
  const report = `${short}.api.md`;
  const configObject = {
    ...settings,
    mainEntryPointFilePath: join(root, types),
    apiReport: { ...settings.apiReport, reportFileName: report, reportTempFolder: fresh },
  };
  const extractorConfig = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: config,
    packageJsonFullPath: join(root, 'package.json'),
  });
  mkdirSync(extractorConfig.reportFolder, { recursive: true });
  const result = Extractor.invoke(extractorConfig, {
    localBuild: !check,
    messageCallback: (message) => {
      // We tell ourselves what has become of the report.
      if (message.messageId.startsWith('console-')) message.logLevel = 'none';
    },
  });
  if (!result.succeeded && !result.apiReportChanged) fail(`${name} cannot be read`);
  const kept = join(extractorConfig.reportFolder, report);
  if (!result.apiReportChanged) console.log(`${name}: as etc/${report} says`);
  else if (check) {
    spawnSync('diff', ['-u', kept, join(fresh, report)], { stdio: 'inherit' });
    fail(`the API of ${name} has changed: npm run api, and tell it in CHANGELOG.md`);
  } else console.log(`${name}: etc/${report} written`);
}

const known = entryPoints.map(({ short }) => `${short}.api.md`);
for (const file of readdirSync(join(root, 'etc'))) {
  if (known.includes(file)) continue;
  if (check) fail(`etc/${file} is about no entry point`);
  else rmSync(join(root, 'etc', file));
}

function fail(reason) {
  process.exitCode = 1;
  console.error(`api: ${reason}`);
}
