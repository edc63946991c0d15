import type { AgentEvent } from '../../src/app-server/index.js';
import { fakeWire } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf, clientOf, startThread, startTurn, watch } from './app-harness.js';

const legacy = (method: string): AgentEvent => ({ type: 'legacy', method, params: { id: 'x', msg: {} } });

describe('H4 U-R7.6 legacy notifications', () => {
  it('reach those who may have them and watch the thread, in their place among the events', () => {
    const server = appOf({ agent: scriptedAgent([legacy('codex/event/task_started')]) });
    const { client } = watch(server);
    const bystander = watch(server);
    const events: unknown[] = [];
    client.events$.subscribe((event) => events.push(event));
    startTurn(client, startThread(client));
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'legacyNotification',
        method: 'codex/event/task_started',
        params: { id: 'x', msg: {} },
      }),
    );
    expect(bystander.seen).not.toContain('codex/event/task_started');
  });

  it('are kept from remote clients, which never asked for them', () => {
    const server = appOf({ agent: scriptedAgent([legacy('codex/event/task_complete')]), autoAttach: () => true });
    const wire = fakeWire();
    server.attach(wire);
    wire.receive({ id: 1, method: 'initialize', params: { clientInfo: { name: 'far', version: '1' } } });
    const client = clientOf(server);
    startTurn(client, startThread(client));
    const methods = wire.sent.map((message) => ('method' in message ? message.method : ''));
    expect(methods).toContain('turn/completed');
    expect(methods).not.toContain('codex/event/task_complete');
  });

  it('may be sent by the embedder to everyone who may have them', () => {
    const server = appOf({ agent: scriptedAgent([]) });
    const { seen } = watch(server);
    expect(server.notifyLegacy(server.everyone, 'codex/event/background_event', {})).toBe('sent');
    expect(seen).toEqual(['codex/event/background_event']);
    expect(() => server.notifyLegacy(server.everyone, 'turn/completed', {})).toThrow(TypeError);
  });

  it('fail the turn of an agent that uses the name of something else', () => {
    const { client, seen } = watch(appOf({ agent: scriptedAgent([legacy('turn/completed')]) }));
    startTurn(client, startThread(client));
    expect(seen.slice(-2)).toEqual([
      'error "turn/completed" is no legacy notification of the contract',
      'turn/completed failed',
    ]);
  });
});
