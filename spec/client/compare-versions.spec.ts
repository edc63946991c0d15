import { compareVersions } from '../../src/client/compare-versions.js';
import { connect } from '../../src/client/index.js';
import { defineContract, request, type } from '../../src/protocol/index.js';
import { fakeWire } from '../../src/testing/index.js';
import { watch } from '../rules/support.js';
import { atOnce, ReconnectingClient } from './reconnecting-client.js';

const contract = defineContract({
  version: '2.0',
  handshake: { request: 'initialize', version: (result) => (result as { readonly name: string }).name },
  requests: { initialize: request({ params: type<object>(), result: type<unknown>() }) },
});
const told = (actual: string): object => ({ type: 'versionMismatch', expected: '2.0', actual });

describe('compareVersions', () => {
  it('says nothing of the same version, of one that is not told, and of a contract for any', () => {
    expect(compareVersions(contract, { name: '2.0' })).toBeUndefined();
    expect(compareVersions(contract, {})).toBeUndefined();
    const { version: _, ...forAny } = contract;
    expect(compareVersions(forAny, { name: '1.0' })).toBeUndefined();
    expect(compareVersions(defineContract({ version: '2.0' }), { name: '1.0' })).toBeUndefined();
    expect(
      compareVersions(defineContract({ ...contract, version: '2.0', handshake: { request: 'initialize' } }), {}),
    ).toBeUndefined();
  });

  it('says that the reader of versions failed', () => {
    const mismatch = compareVersions(contract, null);
    expect(mismatch).toEqual({ type: 'callbackFailed', method: 'initialize', error: expect.any(TypeError) });
  });

  it('becomes a diagnostic of each session, which is open all the same', () => {
    const set = new ReconnectingClient(contract, atOnce);
    const found = watch(set.client.diagnostics$);
    set.greet('1.0');
    set.wire.end({ reason: 'cut', orderly: true });
    set.greet('2.0');
    set.wire.end({ reason: 'cut', orderly: true });
    set.greet('3.0');
    expect(found.values.filter(({ type }) => type === 'versionMismatch')).toEqual([told('1.0'), told('3.0')]);
    expect(watch(set.client.state$).values).toEqual([{ type: 'ready' }]);
  });

  it('may be heard by who ends the connection because of it', () => {
    const wire = fakeWire();
    const client = connect(wire, contract, {
      listen: ({ diagnostics$, shutdown }) => void diagnostics$.subscribe(() => shutdown.call(client)),
    });
    wire.receive({ id: 0, result: { name: '1.0' } });
    expect(watch(client.closed$).values).toEqual([{ reason: 'shutdown', orderly: true }]);
  });
});
