import type { z } from 'zod';

import { EventDecoder } from '../../src/client/event-decoder.js';
import { defineContract, type Diagnostic, notification } from '../../src/protocol/index.js';
import type { Contract } from '../../src/protocol/index.js';
import { plain } from '../rules/support.js';

const setUp = (contract: Contract, events = true): { decoder: EventDecoder; found: Diagnostic[] } => {
  const found: Diagnostic[] = [];
  const owner = { diagnose: (diagnostic: Diagnostic) => found.push(diagnostic) };
  return { decoder: new EventDecoder(contract, { params: true, results: true, events }, owner), found };
};

describe('EventDecoder', () => {
  describe('H4 kinds', () => {
    it.each([
      ['done', 'notification'],
      ['old/word', 'legacyNotification'],
      ['older', 'unknown'],
      ['toString', 'unknown'],
      ['ask', 'unknown'],
    ])('%s is a %s', (method, kind) => {
      const { decoder } = setUp(plain);
      expect(decoder.notification({ method, params: 1 }, 5)).toEqual({ type: kind, method, params: 1, seq: 5 });
    });

    it('of a contract without legacy words are two', () => {
      const { decoder } = setUp(defineContract({}));
      expect(decoder.notification({ method: 'old/word' }, 1).type).toBe('unknown');
    });

    it('of a declared method is notification though it has the legacy prefix', () => {
      const contract = defineContract({
        serverNotifications: { 'old/new': notification() },
        legacy: { prefix: 'old/' },
      });
      expect(setUp(contract).decoder.notification({ method: 'old/new' }, 1).type).toBe('notification');
    });

    it('of a question is serverRequest, with its id', () => {
      const { decoder } = setUp(plain);
      const event = { type: 'serverRequest', id: 'q', method: 'ask', params: 'well?', seq: 2 };
      expect(decoder.serverRequest({ id: 'q', method: 'ask', params: 'well?' }, 2)).toEqual(event);
    });
  });

  describe('C10 params that do not fit', () => {
    const misfit = { method: 'sum', params: { total: 'one', more: true } };

    it('are a diagnostic, and pass as they are', () => {
      const { decoder, found } = setUp(plain);
      expect(decoder.notification(misfit, 1)).toMatchObject({ params: misfit.params });
      expect(found).toMatchObject([{ type: 'invalidEvent', method: 'sum', issues: [{ path: ['total'] }] }]);
    });

    it('are not looked at where validation is off, nor where the contract has no schema', () => {
      const unchecked = setUp(plain, false);
      unchecked.decoder.notification(misfit, 1);
      const untyped = setUp(plain);
      untyped.decoder.notification({ method: 'done', params: 'anything' }, 1);
      expect([...unchecked.found, ...untyped.found]).toEqual([]);
    });

    it('by a schema that throws are a diagnostic as well', () => {
      const params = (): z.ZodType<never> => {
        throw new Error('planned');
      };
      const contract = defineContract({ serverNotifications: { done: notification({ params }) } });
      const { decoder, found } = setUp(contract);
      expect(decoder.notification({ method: 'done' }, 1).type).toBe('notification');
      const issues = [{ path: [], message: 'the schema failed: planned' }];
      expect(found).toEqual([{ type: 'invalidEvent', method: 'done', issues }]);
    });
  });

  describe('S1 resolved', () => {
    it('reads the id of that one notification', () => {
      const { decoder } = setUp(plain);
      expect(decoder.resolved({ method: 'resolved', params: { id: 'q' } })).toBe('q');
      expect(decoder.resolved({ method: 'done', params: { id: 'q' } })).toBe(undefined);
      expect(setUp(defineContract({})).decoder.resolved({ method: 'resolved', params: { id: 'q' } })).toBe(undefined);
    });

    it('names nobody where the id cannot be read, and tells so', () => {
      const { decoder, found } = setUp(plain);
      expect(decoder.resolved({ method: 'resolved' })).toBe(undefined);
      expect(found).toMatchObject([{ type: 'callbackFailed', method: 'resolved', error: expect.any(TypeError) }]);
    });
  });
});
