import { NEVER } from 'rxjs';

import { run } from '../../src/testing/index.js';
import { connectPlain, hostPlain, named } from '../rules/support.js';

/** What became of a promise, once everything that is settled has been told. */
const fate = async (promise: Promise<unknown>): Promise<unknown> => {
  let told: unknown = 'open';
  promise.then(
    (value) => (told = value),
    (error: unknown) => (told = error),
  );
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  return told;
};

describe('call', () => {
  it('C1 sends at once, once, however often it is awaited', async () => {
    const { client, wire } = connectPlain();
    const promise = client.call('echo', 'x');
    expect(wire.sent).toEqual([{ id: 0, method: 'echo', params: 'x' }]);
    wire.receive({ id: 0, result: 'y' });
    expect([await promise, await promise]).toEqual(['y', 'y']);
    expect(wire.sent).toHaveLength(1);
  });

  it('A1 rejects with what a request would error with', async () => {
    const { client, wire } = connectPlain();
    const [refused, misfit, cut] = [client.call('echo', 1), client.call('add', { a: 1, b: 2 }), client.call('echo', 2)];
    wire.receive({ id: 0, error: { code: -5, message: 'no' } }, { id: 1, result: 'three' });
    wire.end();
    expect(await fate(refused)).toMatchObject({ name: 'RpcError', code: -5, method: 'echo' });
    expect(await fate(misfit)).toMatchObject({ name: 'DecodeError', method: 'add' });
    expect(await fate(cut)).toMatchObject({ name: 'TransportError', reason: 'closed' });
    expect(await fate(client.call('echo', 3))).toMatchObject({ name: 'TransportError', reason: 'closed' });
  });

  it('C9 has a time limit: its own, else the client s', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain({ timeout: 20 });
      const told: Promise<unknown>[] = [client.call('echo', 1, { timeout: 5 }), client.call('echo', 2)];
      for (const promise of told) promise.catch(() => undefined);
      flush();
      const cancels = wire.sent.flatMap((message, n) => ('id' in message ? [] : [wire.sentAt[n]]));
      expect(cancels).toEqual([5, 20]);
    });
  });

  describe('C6 its signal', () => {
    it('cancels it and is the reason; the late answer is swallowed', async () => {
      const { client, wire } = connectPlain();
      const controller = new AbortController();
      const promise = client.call('echo', 'x', { signal: controller.signal });
      controller.abort(new Error('enough'));
      controller.abort();
      wire.receive({ id: 0, result: 'late' });
      expect(await fate(promise)).toEqual(new Error('enough'));
      expect(named('cancel', wire.sent)).toEqual([{ method: 'cancel', params: { id: 0 } }]);
      expect(client.stats().requests).toMatchObject({ inFlight: 0, answered: 0 });
    });

    it('takes back a call that still waits', async () => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
      const controller = new AbortController();
      const [first, second] = [client.call('echo', 1), client.call('echo', 2, { signal: controller.signal })];
      controller.abort();
      expect(client.stats().requests).toMatchObject({ inFlight: 1, waiting: 0 });
      expect(await fate(second)).toMatchObject({ name: 'AbortError' });
      wire.receive({ id: 0, result: 1 });
      expect(await fate(first)).toBe(1);
      expect(wire.sent).toHaveLength(1);
    });

    it('that is aborted already means that nothing is sent', async () => {
      const { client, wire } = connectPlain();
      expect(await fate(client.call('echo', 1, { signal: AbortSignal.abort('early') }))).toBe('early');
      expect(wire.sent).toEqual([]);
    });

    it.each<[string, (set: ReturnType<typeof connectPlain>) => void]>([
      ['its answer', ({ wire }) => wire.receive({ id: 0, result: 1 })],
      ['its error', ({ wire }) => wire.receive({ id: 0, error: { code: -5, message: 'no' } })],
      ['the end', ({ wire }) => wire.end()],
    ])('is let go by %s', async (_what, end) => {
      const set = connectPlain();
      const { signal } = new AbortController();
      const [add, remove] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')];
      const promise = set.client.call('echo', 1, { signal });
      end(set);
      await fate(promise);
      expect(remove.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
        add.mock.calls.map(([type, listener]) => [type, listener]),
      );
      expect(add).toHaveBeenCalledTimes(1);
    });

    it('that is aborted by the sending itself cancels at once', async () => {
      const { client, wire } = connectPlain();
      const controller = new AbortController();
      const commands = client.commands$.subscribe(() => controller.abort('enough'));
      const promise = client.call('echo', 'x', { signal: controller.signal });
      commands.unsubscribe();
      expect(await fate(promise)).toBe('enough');
      expect(named('cancel', wire.sent)).toHaveLength(1);
    });

    it('is not listened to at all when the answer is at hand', async () => {
      const { client } = hostPlain();
      const { signal } = new AbortController();
      const add = jest.spyOn(signal, 'addEventListener');
      expect(await client.call('echo', 'x', { signal })).toBe('x');
      expect(add).not.toHaveBeenCalled();
    });

    it('reaches the handler in process', async () => {
      const controller = new AbortController();
      let aborted = false;
      const { client } = hostPlain({
        work: (_params, { signal }) => {
          signal.addEventListener('abort', () => (aborted = true));
          return NEVER;
        },
      });
      const promise = client.call('work', { n: 1 }, { signal: controller.signal });
      controller.abort();
      expect(await fate(promise)).toMatchObject({ name: 'AbortError' });
      expect(aborted).toBe(true);
    });
  });
});
