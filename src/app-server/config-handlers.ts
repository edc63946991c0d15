import { map } from 'rxjs';

import type { Handlers } from '../server/index.js';
import type { AppServerContract } from './app-server-contract.js';
import type { AppServerOptions } from './app-server-options.js';
import { invalidRequest } from './invalid-request.js';

type ConfigMethod = 'config/read' | 'configRequirements/read' | 'model/list';

/**
 * Serves what the embedder has to say of settings and models.
 *
 * @internal
 */
export function configHandlers(
  options: Pick<AppServerOptions, 'config' | 'configRequirements' | 'models' | 'cwd'>,
): Pick<Handlers<AppServerContract>, ConfigMethod> {
  const { config, configRequirements = null, models = [], cwd: usual = '/' } = options;
  return {
    'config/read': ({ cwd }) =>
      config === undefined
        ? { config: {}, origins: {} }
        : config(cwd ?? usual).pipe(map((settings) => ({ config: settings, origins: {} }))),

    'configRequirements/read': () => ({ requirements: configRequirements }),

    'model/list': ({ cursor, limit, includeHidden }) => {
      const shown = includeHidden === true ? models : models.filter(({ hidden }) => !hidden);
      const start = cursor === undefined || cursor === null ? 0 : toPlace(cursor);
      const end = start + Math.max(1, limit ?? shown.length);
      return { data: shown.slice(start, end), nextCursor: end < shown.length ? String(end) : null };
    },
  };
}

/** A cursor of `model/list` is the number of models before it. */
function toPlace(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw invalidRequest(`invalid cursor: ${cursor}`);
  return Number(cursor);
}
