import type { Handlers } from '../server/index.js';
import type { AppServerContract } from './app-server-contract.js';
import type { AppServerOptions } from './app-server-options.js';
import { invalidRequest } from './invalid-request.js';

/**
 * Serves the handshake.
 *
 * @internal
 */
export function sessionHandlers({
  userAgent = 'rx-sluice',
  home = '',
  platform = { family: 'unknown', os: 'unknown' },
}: Pick<AppServerOptions, 'userAgent' | 'home' | 'platform'>): Pick<Handlers<AppServerContract>, 'initialize'> {
  return {
    initialize: ({ clientInfo: { name, version } }) => {
      // The name ends up in headers of requests an agent makes.
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(name)) {
        throw invalidRequest(`Invalid clientInfo.name: '${name}'. Must be a valid HTTP header value.`);
      }
      return {
        userAgent: `${userAgent} (${name}; ${version})`,
        codexHome: home,
        platformFamily: platform.family,
        platformOs: platform.os,
      };
    },
  };
}
