/** Small programs that a spec starts: `node -e` with one of these. */

/** Answers each request with its params, and tells its pid by a notification. */
export const ECHO = `
  const out = (m) => process.stdout.write(JSON.stringify(m) + '\\n');
  out({ method: 'pid', params: process.pid });
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    if (method === 'exit') process.exit(params);
    if (method === 'never') return;
    out({ id, result: params });
  });
`;

/** Reads nothing, hears nothing, and lives until it is killed. */
export const STUBBORN = `
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
  process.stdout.write(JSON.stringify({ method: 'pid', params: process.pid }) + '\\n');
  setInterval(() => {}, 1000);
`;

/** Starts a child of its own that holds stdout open, tells its pid, and ends. */
export const LEAVES_A_CHILD = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.stdout.write(JSON.stringify({ method: 'pid', params: child.pid }) + '\\n', () => process.exit(0));
`;

/** Starts a child in a group of its own that lives until it is killed, tells its pid, and lives on. */
export const LEADS_A_GROUP = `
  const stubborn = "for (const s of ['SIGTERM', 'SIGHUP']) process.on(s, () => {}); setInterval(() => {}, 1000)";
  const child = require('node:child_process').spawn(process.execPath, ['-e', stubborn], { detached: true, stdio: 'ignore' });
  process.stdout.write(JSON.stringify({ method: 'pid', params: child.pid }) + '\\n');
  setInterval(() => {}, 1000);
`;

/** Starts a child in a group of its own that holds stdout open, tells its pid, and ends: nobody finds that child. */
export const LEAVES_A_DAEMON = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.stdout.write(JSON.stringify({ method: 'pid', params: child.pid }) + '\\n', () => process.exit(0));
`;

/** Writes a file when it hears SIGTERM, tells its pid, and hears nothing else. */
export const POLITE = `
  process.on('SIGTERM', () => {
    require('node:fs').writeFileSync(process.env.HEARD, 'SIGTERM');
    process.exit(0);
  });
  process.stdout.write(JSON.stringify({ method: 'pid', params: process.pid }) + '\\n');
  setInterval(() => {}, 1000);
`;

/** Writes as fast as it can. */
export const FLOOD = `
  process.stdout.write(JSON.stringify({ method: 'pid', params: process.pid }) + '\\n');
  const line = JSON.stringify({ method: 'flood', params: 'x'.repeat(1000) }) + '\\n';
  const more = () => { while (process.stdout.write(line)); process.stdout.once('drain', more); };
  more();
`;
