// The web server of the pages, with one policy for each.
import { createServer } from 'node:http';
import { join } from 'node:path';

import { build } from 'esbuild';

import { root } from '../entry-points.mjs';
import { fail } from './fail.mjs';

const POLICY = "default-src 'none'; script-src 'self'";
/** A violation in a worker is heard in the worker only; its console is heard outside. */
const TELL = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, lineNumber }) =>
  console.error("violation of the worker's policy: " + violatedDirective + ' by ' + blockedURI + ' at line ' + lineNumber),
);`;

/** Pages by their path, served from as many origins as are opened. */
export class Site {
  served = new Map();
  listening = [];

  /** Adds `/name`, which loads `pages/name.js`, and what else it may: more directives of its policy. */
  async addPage(name, directives = []) {
    const policy = [POLICY, ...directives].join('; ');
    this.served.set(`/${name}`, { type: 'text/html', policy, body: page(name) });
    await this.addScript(name, { policy });
  }

  /** Adds the script of a worker, which has a policy of its own. */
  addWorker(name) {
    return this.addScript(name, { policy: POLICY, banner: TELL });
  }

  /** Serves them from one more origin, which it returns. */
  async open() {
    const http = createServer(({ url }, response) => {
      const { type = 'text/plain', policy = POLICY, body } = this.served.get(url) ?? {};
      response
        .writeHead(body === undefined ? 204 : 200, { 'content-type': type, 'content-security-policy': policy })
        .end(body);
    });
    this.listening.push(http);
    await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${http.address().port}`;
  }

  async addScript(name, { policy, banner = '' }) {
    this.served.set(`/${name}.js`, { type: 'text/javascript', policy, body: await bundle(`${name}.js`, banner) });
  }

  close() {
    for (const http of this.listening) http.close();
  }
}

/** The bundle an application would make; whatever only Node has is an error. */
async function bundle(script, banner) {
  const { outputFiles, warnings } = await build({
    entryPoints: [join(root, 'scripts/browser/pages', script)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    banner: { js: banner },
    logLevel: 'warning',
  });
  if (warnings.length > 0) fail(`the bundle of ${script} has warnings`);
  return outputFiles[0].contents;
}

function page(name) {
  return `<!doctype html><meta charset="utf-8"><title>rx-sluice</title>
<h1>rx-sluice in a page: ${name}</h1><ul id="state"></ul><ol id="events"></ol>
<script type="module" src="/${name}.js"></script>`;
}
