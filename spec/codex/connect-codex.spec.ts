import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EMPTY, filter, firstValueFrom, lastValueFrom, take, timer, toArray } from 'rxjs';

import { createAppServer } from '../../src/app-server/index.js';
import type { Client } from '../../src/client/index.js';
import { CLIENT_INFO } from '../../src/codex/client-info.js';
import { type CodexClient, connectCodex, type CodexContract } from '../../src/codex/index.js';
import { defineContract, isTransportError, request, TransportError, type } from '../../src/protocol/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { listenWebSocket } from '../../src/websocket/index.js';
import { type Equal, expectType } from '../protocol/expect-type.js';
import { put, scratch } from './binary/fake-package.js';
import { fakeCodex } from './fake-codex.js';

describe('connectCodex', () => {
  it('starts the program it is told, and ends it with itself', async () => {
    const place = fakeCodex();
    const codex = connectCodex({ ...place, config: { model: 'm' }, env: { ...process.env, CODEX_HOME: '/home' } });
    const { config } = await codex.call('config/read', {});
    expect(config).toMatchObject({ args: ['-c', 'model="m"'], home: '/home' });
    expect(await firstValueFrom(codex.ready$)).toMatchObject({ userAgent: 'rx-sluice/0.169.0 (fake)' });
    expect(await firstValueFrom(codex.stderr$)).toMatch(/^hello from \d+\n$/);
    await lastValueFrom(codex.shutdown());
    expect(await firstValueFrom(codex.closed$)).toEqual({ reason: 'shutdown', orderly: true });
    expect(await lastValueFrom(codex.stderr$.pipe(toArray()))).toHaveLength(1);
  });

  it('introduces its user, or else this package', () => {
    const told = (options: object): unknown =>
      run(() => {
        const wire = fakeWire();
        connectCodex({ wire, ...options });
        return wire.sent[0];
      });
    const hello = (params: object): object => ({ id: 0, method: 'initialize', params });
    const clientInfo = { name: 'demo', version: '1.0.0' };
    const capabilities = { experimentalApi: true };
    expect(told({})).toEqual(hello({ clientInfo: CLIENT_INFO }));
    expect(told({ clientInfo, capabilities })).toEqual(hello({ clientInfo, capabilities }));
  });

  it('ends with its program, for its reason (D3)', async () => {
    const codex = connectCodex(fakeCodex());
    const error: unknown = await codex.call('thread/archive', { threadId: 't' }).catch((reason: unknown) => reason);
    expect(isTransportError(error) && error.message).toBe('thread/archive: peer exited with code 3');
    expect(await firstValueFrom(codex.closed$)).toEqual({ reason: 'peer exited with code 3', orderly: false });
  });

  it('starts it again where that is wanted', async () => {
    const codex = connectCodex({ ...fakeCodex(), reconnect: { delay: 0 } });
    const hellos = firstValueFrom(codex.stderr$.pipe(take(2), toArray()));
    const lost = codex.call('thread/archive', { threadId: 't' });
    await expect(lost).rejects.toMatchObject({ reason: 'closed' });
    await firstValueFrom(codex.state$.pipe(filter((state) => state.type === 'ready')));
    expect(new Set(await hellos).size).toBe(2);
    expect(codex.stats().reconnects).toBe(1);
    await lastValueFrom(codex.shutdown());
  });

  it('connects to one that listens', async () => {
    const server = createAppServer({ agent: () => EMPTY });
    const listener = listenWebSocket({ token: 'secret' });
    listener.wires$.subscribe((wire) => server.attach(wire));
    const { url } = await firstValueFrom(listener.listening$);
    const codex = connectCodex({ url, token: 'secret' });
    const { thread } = await codex.call('thread/start', {});
    expect(thread.status).toEqual({ type: 'idle' });
    listener.close('over');
    expect(await firstValueFrom(codex.closed$)).toEqual({ reason: 'over', orderly: true });
    expect(await lastValueFrom(codex.stderr$.pipe(toArray()))).toEqual([]);
    await lastValueFrom(server.shutdown());
  });

  it('has no stderr of a program that it has not started, and says so at once', () => {
    run(() => {
      const ends: string[] = [];
      for (const place of [{ wire: fakeWire() }, { url: 'ws://127.0.0.1:1' }]) {
        const codex = connectCodex(place);
        codex.stderr$.subscribe({ complete: () => ends.push('over') });
        codex.shutdown();
      }
      expect(ends).toEqual(['over', 'over']);
    });
  });

  it('ends the program it has started when `listen` throws (D3)', async () => {
    const cwd = scratch();
    const note = join(cwd, 'pid');
    put(
      join(cwd, 'app-server'),
      `require('node:fs').writeFileSync('pid', String(process.pid)); process.stdin.resume();`,
    );
    let pid = 0;
    const listen = (): never => {
      // It cannot be awaited in here, and a program that is not there yet could not be missed later.
      const pause = new Int32Array(new SharedArrayBuffer(4));
      while (pid === 0) {
        Atomics.wait(pause, 0, 0, 10);
        if (existsSync(note)) pid = Number(readFileSync(note, 'utf8'));
      }
      throw new Error('no');
    };
    expect(() => connectCodex({ binary: process.execPath, cwd, listen })).toThrow('no');
    const isThere = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (isThere()) await firstValueFrom(timer(10));
  });

  it('puts at most 64 requests on the wire and gives each two minutes, unless told otherwise (C4, C9)', () => {
    run(({ expectObservable }) => {
      const wire = fakeWire();
      const codex = connectCodex({ wire });
      wire.receive({ id: 0, result: { userAgent: 'x' } });
      for (let n = 0; n < 100; n += 1) codex.request('model/list', {}).subscribe({ error: () => undefined });
      expect(codex.stats().requests).toMatchObject({ inFlight: 64, waiting: 36 });
      const expected = '120s #';
      const timeout = new TransportError('timeout', 'no answer in time', 'model/list');
      expectObservable(codex.request('model/list', {})).toBe(expected, undefined, timeout);
    });
  });

  it('is typed by its own contract, or by the one it is given', () => {
    const contract = defineContract({ requests: { add: request({ params: type<number>(), result: type<number>() }) } });
    const wire = fakeWire();
    const given = connectCodex({ wire, contract });
    expect(given.contract).toBe(contract);
    expectType<Equal<typeof given, CodexClient<typeof contract>>>();
    const own = (): Client<CodexContract> => connectCodex({ wire });
    expectType<Equal<ReturnType<typeof own>['contract'], CodexContract>>();
    // @ts-expect-error there is no such method
    expect(() => given.request('turn/start', {})).not.toThrow();
  });
});
