/** The subprotocol that both sides name when a token is told by another. */
export const SUBPROTOCOL = 'rx-sluice';
/** What the subprotocol that carries a token begins with. */
export const BEARER_PREFIX = 'rx-sluice.bearer.';

/**
 * The subprotocols by which a page tells a token to `listenWebSocket`: a browser lets it set no header.
 *
 * The token is not in the URL, so it is in no log and no history.
 *
 * @example
 * ```ts
 * const socket = new WebSocket('wss://example.org/app', [...bearerProtocols('secret')]);
 * ```
 * @param token Of characters up to U+00FF.
 */
export function bearerProtocols(token: string): readonly string[] {
  const encoded = btoa(token).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return [SUBPROTOCOL, `${BEARER_PREFIX}${encoded}`];
}
