import { z } from 'zod';

import { type DeliveryOf, type ParamsOf, notification, type } from '../../src/protocol/index.js';
import { type Equal, expectType } from './expect-type.js';

describe('notification', () => {
  it('is the description it was given', () => {
    const spec = { params: type<number>(), delivery: 'best-effort' } as const;
    expect(notification(spec)).toBe(spec);
    expect(notification()).toEqual({});
  });

  it.each([undefined, 'lossless' as const])(
    'E3: refuses to conflate what may not be lost (delivery %s)',
    (delivery) => {
      const spec = { ...(delivery === undefined ? {} : { delivery }), conflate: { key: () => 'k' } };
      expect(() => notification(spec)).toThrow(new TypeError('only a best-effort notification can be conflated'));
    },
  );

  it('E3: conflates what may be lost', () => {
    const spec = notification({
      params: type<{ id: string; text: string }>(),
      delivery: 'best-effort',
      conflate: { key: (params) => params.id, merge: (a, b) => ({ ...a, text: a.text + b.text }) },
    });
    expect(spec.conflate?.key({ id: 'i', text: '' })).toBe('i');
    expect(spec.conflate?.merge?.({ id: 'i', text: 'a' }, { id: 'i', text: 'b' })).toEqual({ id: 'i', text: 'ab' });
  });

  describe('types', () => {
    it('are no params and lossless where nothing is said', () => {
      const spec = notification();
      expectType<Equal<ParamsOf<typeof spec>, undefined>>();
      expectType<Equal<DeliveryOf<typeof spec>, 'lossless'>>();
    });

    it('have the delivery class that was said', () => {
      const lossy = notification({ params: z.number(), delivery: 'best-effort' });
      const lossless = notification({ params: z.number(), delivery: 'lossless' });
      expectType<Equal<DeliveryOf<typeof lossy>, 'best-effort'>>();
      expectType<Equal<DeliveryOf<typeof lossless>, 'lossless'>>();
      expectType<Equal<ParamsOf<typeof lossy>, number>>();
    });

    it('reach every callback', () => {
      const spec = notification({
        params: z.object({ id: z.string() }),
        delivery: 'best-effort',
        scope: (params) => {
          expectType<Equal<typeof params, { id: string }>>();
          return params.id;
        },
        conflate: {
          key: (params) => {
            expectType<Equal<typeof params, { id: string }>>();
            return params.id;
          },
          merge: (waiting, incoming) => {
            expectType<Equal<typeof waiting, { id: string }>>();
            return incoming;
          },
        },
      });
      expect(spec.scope?.({ id: 'i' })).toBe('i');
    });
  });
});
