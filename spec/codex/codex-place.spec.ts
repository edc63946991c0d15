import { Subject } from 'rxjs';

import { isWireSource } from '../../src/client/wire-source.js';
import { type CodexPlace, wireTo } from '../../src/codex/codex-place.js';
import { reconnecting } from '../../src/transports/index.js';
import type { SpawnedWire } from '../../src/node/index.js';
import type { Wire } from '../../src/protocol/index.js';
import { fakeWire } from '../../src/testing/index.js';
import { watch } from '../rules/support.js';
import { fakeCodex } from './fake-codex.js';

const to = (place: CodexPlace): ReturnType<typeof wireTo> => wireTo(place, new Subject<SpawnedWire>());

describe('wireTo', () => {
  it('takes a wire, or a source of wires, as it is', () => {
    const wire = fakeWire();
    const source = reconnecting(() => wire);
    expect([to({ wire }), to({ wire: source })]).toEqual([wire, source]);
  });

  it('starts a program, and tells of it', () => {
    const started = new Subject<SpawnedWire>();
    const seen = watch(started);
    const wire = wireTo(fakeCodex(), started) as Wire;
    expect(seen.values).toEqual([wire]);
    wire.close();
  });

  it('makes one after another where that is wanted, and none before it is asked', () => {
    const started = new Subject<SpawnedWire>();
    const seen = watch(started);
    const source = wireTo({ ...fakeCodex(), reconnect: { attempts: 2 } }, started);
    if (!isWireSource(source)) throw new Error('it is no source');
    expect([source.attempts, seen.values.length]).toEqual([2, 0]);
    source.connect().close();
    source.connect().close();
    expect(seen.values).toHaveLength(2);
    expect(isWireSource(to({ url: 'ws://127.0.0.1:1', reconnect: true }))).toBe(true);
  });

  it.each<[string, CodexPlace]>([
    ['`wire` and `url` exclude each other', { wire: fakeWire(), url: 'ws://127.0.0.1:1' }],
    ['`wire` and `binary` exclude each other', { wire: fakeWire(), binary: 'codex' }],
    ['`url` and `config` exclude each other', { url: 'ws://127.0.0.1:1', config: {} }],
    ['`url` and `env` exclude each other', { url: 'ws://127.0.0.1:1', env: {} }],
    ['a `token` is for the codex at a `url`', { token: 'secret' }],
    ['a `token` is for the codex at a `url`', { token: 'secret', binary: 'codex' }],
    ['put `reconnecting` around what makes the `wire`', { wire: fakeWire(), reconnect: true }],
    ['url: "nowhere" is none of ws://…, wss://… and unix:/…', { url: 'nowhere', reconnect: true }],
    ['config: "" is no key', { ...fakeCodex(), config: { '': 1 }, reconnect: true }],
  ])('says at once what is wrong: %s', (message, place) => {
    expect(() => to(place)).toThrow(new TypeError(message));
  });
});
