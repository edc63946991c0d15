import type { ProtocolMethod } from './protocol.js';

/** Results whose name follows from nothing. */
const BY_HAND: Readonly<Record<string, string>> = {
  'account/gatewayOAuth/cancel': 'GatewayOAuthCancelResponse',
  'account/logout': 'LogoutAccountResponse',
  'account/securitySetup/read': 'GetAccountSecuritySetupResponse',
  'account/workspaceMessages/read': 'GetWorkspaceMessagesResponse',
  'accountSession/list': 'AccountSessionsResponse',
  'config/batchWrite': 'ConfigWriteResponse',
  'config/mcpServer/reload': 'McpServerRefreshResponse',
  'config/value/write': 'ConfigWriteResponse',
  'externalAgentConfig/import/readHistories': 'ExternalAgentConfigImportHistoriesReadResponse',
};

/**
 * The definition of a request's result. Codex tells which params belong to a method and not which result, but names
 * them alike.
 *
 * @returns Undefined if there is none of a fitting name: nothing is known of such a result.
 */
export function resultName(
  { name, params }: Pick<ProtocolMethod, 'name' | 'params'>,
  definitions: { has(name: string): boolean },
): string | undefined {
  const likely = [params?.replace(/Params$/, 'Response'), BY_HAND[name], `${toPascalCase(name)}Response`];
  return likely.find((candidate) => candidate !== undefined && candidate !== params && definitions.has(candidate));
}

/** `item/started` as a name of a type. */
export function toPascalCase(method: string): string {
  return method.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
