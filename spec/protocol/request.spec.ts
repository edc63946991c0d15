import { z } from 'zod';

import { type ParamsOf, type RequestSpec, type ResultOf, request, type } from '../../src/protocol/index.js';
import { type Equal, expectType } from './expect-type.js';

describe('request', () => {
  it('is the description it was given', () => {
    const spec = { params: type<number>(), result: type<string>() };
    expect(request(spec)).toBe(spec);
    expect(request()).toEqual({});
  });

  describe('types', () => {
    it('come from the schemas', () => {
      const spec = request({ params: z.object({ a: z.string() }), result: z.number() });
      expectType<Equal<ParamsOf<typeof spec>, { a: string }>>();
      expectType<Equal<ResultOf<typeof spec>, number>>();
    });

    it('come from a schema that is made later', () => {
      const spec = request({ params: () => z.object({ a: z.string() }), result: () => z.number() });
      expectType<Equal<ParamsOf<typeof spec>, { a: string }>>();
      expectType<Equal<ResultOf<typeof spec>, number>>();
    });

    it('come from a type that nothing checks', () => {
      const spec = request({ params: type<{ a?: string }>(), result: type<'x' | 'y'>() });
      expectType<Equal<ParamsOf<typeof spec>, { a?: string }>>();
      expectType<Equal<ResultOf<typeof spec>, 'x' | 'y'>>();
    });

    it("are a schema's input, since nothing is transformed", () => {
      const spec = request({ params: z.string().transform(Number), result: z.object({ a: z.string().default('d') }) });
      expectType<Equal<ParamsOf<typeof spec>, string>>();
      expectType<Equal<ResultOf<typeof spec>, { a?: string | undefined }>>();
    });

    it('are no params and an unknown result where nothing is said', () => {
      const spec = request();
      expectType<Equal<ParamsOf<typeof spec>, undefined>>();
      expectType<Equal<ResultOf<typeof spec>, unknown>>();
    });

    it('reach the scope callback', () => {
      const spec = request({
        params: type<{ threadId: string }>(),
        scope: (params) => {
          expectType<Equal<typeof params, { threadId: string }>>();
          return params.threadId;
        },
      });
      expect(spec.scope?.({ threadId: 't' })).toBe('t');
    });

    it('fit wherever any description fits', () => {
      const specs: Readonly<Record<string, RequestSpec>> = {
        a: request({ params: type<number>(), scope: (n) => `${n}` }),
      };
      expect(Object.keys(specs)).toEqual(['a']);
    });
  });
});
