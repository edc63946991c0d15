// A page that a bridge does not let in. What it finds out is left in `globalThis.seen`.
import { connect } from 'rx-sluice';
import { bearerProtocols, webSocketWire } from 'rx-sluice/transports';
import { lastValueFrom } from 'rxjs';
import { config } from 'zod';

config({ jitless: true });
const { codexContract } = await import('rx-sluice/codex');

const { url, token } = globalThis.given;
const wire = webSocketWire(new WebSocket(url, [...bearerProtocols(token)]));
const client = connect(wire, codexContract, { handshake: { clientInfo: { name: 'page', version: '1' } } });
const asked = await client.call('thread/start', {}).then(
  () => 'answered',
  ({ reason }) => reason,
);
const { reason, orderly } = await lastValueFrom(client.closed$);
globalThis.seen = { asked, reason, orderly };
