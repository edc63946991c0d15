import { EMPTY, of, throwError } from 'rxjs';

import type { Model, ModelListParams } from '../../src/app-server/index.js';
import { appOf, clientOf, outcomeOf } from './app-harness.js';

const agent = () => EMPTY;

describe('config/read', () => {
  it('tells what the embedder has for the folder', () => {
    const client = clientOf(appOf({ agent, cwd: '/usual', config: (cwd) => of({ model: 'x', cwd }) }));
    expect(outcomeOf(client.request('config/read', {}))).toEqual({
      config: { model: 'x', cwd: '/usual' },
      origins: {},
    });
    expect(outcomeOf(client.request('config/read', { cwd: '/mine', includeLayers: true }))).toMatchObject({
      config: { cwd: '/mine' },
    });
  });

  it('tells of no settings where there are none', () => {
    expect(outcomeOf(clientOf(appOf({ agent })).request('config/read', {}))).toEqual({ config: {}, origins: {} });
  });

  it('says why the settings cannot be read', () => {
    const client = clientOf(appOf({ agent, config: () => throwError(() => new Error('no such file')) }));
    expect(outcomeOf(client.request('config/read', {}))).toBe('-32603 no such file');
  });
});

describe('model/list', () => {
  const model = (id: string, more: Partial<Model> = {}): Model => ({
    id,
    model: id,
    displayName: id.toUpperCase(),
    description: '',
    hidden: false,
    isDefault: false,
    ...more,
  });
  const models = [model('a'), model('b', { hidden: true }), model('c', { isDefault: true }), model('d')];
  const list = (params: ModelListParams, given: readonly Model[] | undefined = models): unknown => {
    const options = given.length === 0 ? {} : { models: given };
    const outcome = outcomeOf(clientOf(appOf({ agent, ...options })).request('model/list', params));
    if (typeof outcome === 'string') return outcome;
    const { data, nextCursor } = outcome as { data: readonly Model[]; nextCursor: string | null };
    return [data.map(({ id }) => id).join(''), nextCursor];
  };

  it('tells of all but the hidden ones, or of these too', () => {
    expect(list({})).toEqual(['acd', null]);
    expect(list({ includeHidden: true })).toEqual(['abcd', null]);
    expect(list({}, [])).toEqual(['', null]);
  });

  it('tells of them page by page', () => {
    expect(list({ limit: 2 })).toEqual(['ac', '2']);
    expect(list({ limit: 2, cursor: '2' })).toEqual(['d', null]);
    expect(list({ limit: 0 })).toEqual(['a', '1']);
    expect(list({ cursor: '99' })).toEqual(['', null]);
  });

  it.each(['', '-1', 'x', '1.5', '9'.repeat(30)])('refuses the cursor "%s"', (cursor) => {
    expect(list({ cursor })).toBe(`-32600 invalid cursor: ${cursor}`);
  });
});
