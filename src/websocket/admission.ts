import type { IncomingHttpHeaders } from 'node:http';

import { BEARER_PREFIX } from '../transports/index.js';
import { sameToken } from './same-token.js';

/** Who may connect. */
export interface AdmissionRules {
  /** Exact origins whose pages may connect, `https://app.example` say. Default none: no page at all. */
  readonly allowedOrigins?: readonly string[];
  /**
   * What a client has to know: by `Authorization: Bearer`, or, from a page, by `bearerProtocols`. Default: nothing. Letters,
   * digits and punctuation, without spaces.
   */
  readonly token?: string;
}

/** Why a client is not let in, as HTTP tells it. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** Whether a client may connect: `undefined` if it may. Every browser tells the origin of the page, no other client does. */
export function refusalOf(headers: IncomingHttpHeaders, rules: AdmissionRules): Refusal | undefined {
  const { origin } = headers;
  if (origin !== undefined && rules.allowedOrigins?.includes(origin) !== true)
    return { status: 403, text: 'Forbidden' };
  if (rules.token === undefined) return undefined;
  const told = tokenIn(headers);
  if (told !== undefined && sameToken(told, rules.token)) return undefined;
  // Not whether there was one, nor what was wrong with it.
  return { status: 401, text: 'Unauthorized' };
}

function tokenIn(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
  const encoded = offered?.find((name) => name.startsWith(BEARER_PREFIX))?.slice(BEARER_PREFIX.length);
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64url').toString('latin1');
}
