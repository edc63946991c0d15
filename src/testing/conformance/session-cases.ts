import { connect } from '../../client/index.js';
import { conformanceContract } from './conformance-contract.js';
import { errorOf, first } from './trial.js';
import type { TrialCase } from './trial-case.js';
import { Watched } from './watched.js';

/** The handshake, and who hears what. */
export const sessionCases: readonly TrialCase[] = [
  {
    rule: 'H1',
    name: 'before the handshake every request is refused',
    body: async (trial) => {
      const { handshake: _, ...rude } = conformanceContract;
      const client = connect(trial.wire, rude);
      await trial.fails('a request', client.call('echo', 1), { code: -32600, message: 'Not initialized' });
      await trial.fails('an unknown one', client.call('nope' as 'count'), { message: 'Not initialized' });
      client.notify('note', 'not heard');
      await client.call('initialize', {});
      trial.same('after it', await client.call('echo', 1), 1);
      trial.same('notes', (await client.call('observe')).notes, []);
    },
  },
  {
    rule: 'H1',
    name: 'a second handshake is refused, and the session goes on',
    body: async (trial) => {
      const client = await trial.ready();
      trial.same('the first', await first(client.ready$), { name: 'conformance' });
      await trial.fails('the second', client.call('initialize', {}), { code: -32600, message: 'Already initialized' });
      trial.same('an answer', await client.call('echo', 1), 1);
    },
  },
  {
    rule: 'H1',
    name: 'what is asked and told before the handshake is over waits for it, in order',
    body: async (trial) => {
      const client = trial.client();
      client.notify('note', 1);
      const answers = ['a', 'b'].map((text) => client.call('echo', text));
      client.notify('note', 2);
      trial.same('the answers', await Promise.all(answers), ['a', 'b']);
      trial.same('the notes', (await client.call('observe')).notes, [1, 2]);
    },
  },
  {
    rule: 'H1',
    name: 'a refused handshake is the error of all that waited for it',
    body: async (trial) => {
      // Asked before the first message is read: a server in the same process refuses at once.
      let asked: Promise<unknown> = Promise.resolve();
      const client = trial.client({
        hello: { refuse: true },
        listen: (early) => {
          asked = errorOf(early.call('echo', 1));
        },
      });
      const refusal = { name: 'RpcError', code: -32600, message: 'no room for you' };
      trial.is('a request', await asked, refusal);
      trial.is('ready$', await errorOf(first(client.ready$)), refusal);
      const { reason, orderly } = await first(client.closed$);
      trial.same('the end', [reason, orderly], ['handshake failed: no room for you', false]);
      await trial.fails('a later request', client.call('echo', 1), { name: 'TransportError', reason: 'closed' });
    },
  },
  {
    rule: 'H3',
    name: 'a broadcast leaves out who opted out; what is sent to one does not ask',
    body: async (trial) => {
      const client = await trial.ready({ capabilities: { optOut: ['mark'] } });
      const seen = new Watched(client.events$);
      await client.call('emit', { method: 'mark', count: 2, broadcast: true });
      await client.call('emit', { method: 'tick', count: 1, broadcast: true });
      await client.call('emit', { method: 'mark', count: 1 });
      await seen.reaches(2);
      trial.same(
        'the events',
        seen.values.map((event) => 'method' in event && event.method),
        ['tick', 'mark'],
      );
    },
  },
  {
    rule: 'H2',
    name: 'experimental methods are for those that announced it',
    body: async (trial) => {
      const client = await trial.ready({ capabilities: { experimental: true } });
      trial.same('the answer', await client.call('trial'), 'seen');
    },
  },
  {
    rule: 'H2',
    name: 'experimental methods are refused to all others',
    body: async (trial) => {
      const client = await trial.ready();
      await trial.fails('the refusal', client.call('trial'), {
        code: -32600,
        message: 'trial requires experimentalApi capability',
      });
    },
  },
];
