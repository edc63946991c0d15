import { z } from 'zod';
import * as mini from 'zod/mini';

import { checkSchema } from '../../src/protocol/index.js';

const Params = z.object({ threadId: z.string(), items: z.array(z.object({ text: z.string() })) });

describe('checkSchema', () => {
  it('finds nothing in a value that fits', () => {
    expect(checkSchema(Params, { threadId: 't', items: [{ text: 'a' }] })).toBeUndefined();
  });

  it('finds nothing where no schema is', () => {
    expect(checkSchema(undefined, 'anything')).toBeUndefined();
  });

  it('lists where and how a value differs', () => {
    expect(checkSchema(Params, { threadId: 1, items: [{ text: 'a' }, {}] })).toEqual([
      { path: ['threadId'], message: expect.stringContaining('string') },
      { path: ['items', 1, 'text'], message: expect.stringContaining('string') },
    ]);
  });

  it('C10: lets keys pass that the schema does not know', () => {
    expect(checkSchema(Params, { threadId: 't', items: [], future: true })).toBeUndefined();
  });

  it('C10: leaves the value as it came: no default, no transform, no stripped key', () => {
    const schema = z.object({ a: z.string().default('d'), b: z.string().transform(Number) });
    const value = { b: '1', c: true };
    expect(checkSchema(schema, value)).toBeUndefined();
    expect(value).toEqual({ b: '1', c: true });
  });

  it('makes a lazy schema when it is first needed, and once', () => {
    const lazy = jest.fn(() => z.string());
    expect(lazy).not.toHaveBeenCalled();
    expect([checkSchema(lazy, 'a'), checkSchema(lazy, 'b')]).toEqual([undefined, undefined]);
    expect(checkSchema(lazy, 1)).toHaveLength(1);
    expect(lazy).toHaveBeenCalledTimes(1);
  });

  it('C10: reads issues structurally, so that any copy and any kind of zod will do', () => {
    const foreign = {
      safeParse: () => ({
        success: false,
        error: { issues: [{ path: ['a', Symbol('b')], message: 'no', code: 'x' }] },
      }),
    };
    expect(checkSchema(foreign, 1)).toEqual([{ path: ['a', 'Symbol(b)'], message: 'no' }]);
    expect(checkSchema(mini.object({ a: mini.string() }), { a: 1 })).toHaveLength(1);
  });

  it('takes a refusal without issues for a refusal', () => {
    expect(checkSchema({ safeParse: () => ({ success: false }) }, 1)).toEqual([]);
  });
});
