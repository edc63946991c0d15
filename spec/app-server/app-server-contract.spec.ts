import { EMPTY } from 'rxjs';

import { appServerContract, createAppServer, type ItemDelta } from '../../src/app-server/index.js';
import { deliveryOf } from '../../src/protocol/index.js';
import type { NotificationSpec, RequestSpec } from '../../src/protocol/index.js';
import { fakeWire } from '../../src/testing/index.js';

/** What belongs to commands outside of threads has specs of its own. */
const withoutExec = <S>(methods: Readonly<Record<string, S>>): Map<string, S> =>
  new Map(Object.entries(methods).filter(([method]) => !method.startsWith('command/exec')));

const events = withoutExec<NotificationSpec>(appServerContract.serverNotifications);
const requests = withoutExec<RequestSpec>(appServerContract.requests);

describe('the contract of the app server', () => {
  it('may lose growing text only (E1)', () => {
    const lossy = [...events].filter(([, { delivery }]) => delivery === 'best-effort').map(([method]) => method);
    expect(lossy).toEqual(['item/agentMessage/delta', 'item/commandExecution/outputDelta']);
  });

  it('folds text of one item together, up to a bound', () => {
    const { conflate } = appServerContract.serverNotifications['item/commandExecution/outputDelta'];
    const one: ItemDelta = { threadId: 't', turnId: 'u', itemId: 'i', delta: 'ab' };
    expect(conflate?.key(one)).toBe('i');
    expect(conflate?.merge?.(one, { ...one, delta: 'cd' })).toEqual({ ...one, delta: 'abcd' });
    expect(conflate?.maxBytes).toBe(65_536);
  });

  it('groups everything of a thread by that thread', () => {
    const threads = [...events].map(([method, { scope }]) => [
      method,
      scope?.({ threadId: 'T', thread: { id: 'T' } }) ?? 'nobody',
    ]);
    expect(threads.filter(([, thread]) => thread !== 'T')).toEqual([['configWarning', 'nobody']]);
    expect(events.get('warning')?.scope?.({ message: 'of no thread' })).toBeUndefined();
    expect(
      appServerContract.serverRequests['item/commandExecution/requestApproval'].scope?.({
        kind: 'command',
        threadId: 'T',
        turnId: 'u',
        itemId: 'i',
        startedAtMs: 0,
        command: 'ls',
        cwd: '/',
        availableDecisions: [],
      }),
    ).toBe('T');
  });

  it('runs the turns of a thread in order, reads beside each other, and interrupts past everything (C5, C7)', () => {
    const scopes = [...requests].map(([method, { scope, access, urgent }]) => [
      method,
      scope?.({ threadId: 'T' }),
      access,
      urgent,
    ]);
    expect(scopes).toEqual([
      ['initialize', undefined, undefined, undefined],
      ['config/read', undefined, undefined, undefined],
      ['model/list', undefined, undefined, undefined],
      ['thread/start', undefined, undefined, undefined],
      ['thread/resume', 'T', undefined, undefined],
      ['thread/read', 'T', 'shared', undefined],
      ['thread/list', undefined, undefined, undefined],
      ['thread/loaded/list', undefined, undefined, undefined],
      ['thread/archive', undefined, undefined, undefined],
      ['thread/unarchive', undefined, undefined, undefined],
      ['thread/name/set', undefined, undefined, undefined],
      ['thread/unsubscribe', 'T', undefined, undefined],
      ['turn/start', 'T', undefined, undefined],
      ['turn/steer', 'T', undefined, undefined],
      ['turn/interrupt', 'T', undefined, true],
      ['configRequirements/read', undefined, undefined, undefined],
    ]);
  });

  it('answers with a snapshot in its place among the events (E9, U-R11.11)', () => {
    expect([...requests].filter(([, { ordered }]) => ordered === true).map(([method]) => method)).toEqual([
      'thread/resume',
    ]);
  });

  it('asks no one for the experimental capability: all of it is stable (H2, U-R2.10)', () => {
    const gated = [...requests, ...events].filter(([, { experimental }]) => experimental === true);
    expect(gated).toEqual([]);
  });

  it('reads what a client announces in the handshake (H2)', () => {
    const read = appServerContract.handshake?.capabilities;
    const clientInfo = { name: 'x', version: '1' };
    expect(read?.({ clientInfo })).toEqual({ experimental: false, optOut: [] });
    expect(read?.({ clientInfo, capabilities: null })).toEqual({ experimental: false, optOut: [] });
    expect(read?.({ clientInfo, capabilities: { experimentalApi: true, optOutNotificationMethods: ['a'] } })).toEqual({
      experimental: true,
      optOut: ['a'],
    });
    // Absent says nothing: in process a client may always lag.
    expect(read?.({ clientInfo, capabilities: { lag: true } })).toEqual({ experimental: false, optOut: [], lag: true });
  });

  it('says of a settled question whose it was (S1)', () => {
    const { resolved } = appServerContract;
    const told = resolved?.params({
      id: 7,
      method: 'item/commandExecution/requestApproval',
      params: { threadId: 'T' },
    });
    expect(told).toEqual({ threadId: 'T', requestId: 7 });
    expect(resolved?.id(told)).toBe(7);
  });

  it('keeps the ends among the legacy notifications, whatever else is lost (H4)', () => {
    const { lossless } = deliveryOf(appServerContract);
    const keeps = (name: string): boolean => lossless({ method: `codex/event/${name}`, params: {} });
    expect(['task_complete', 'turn_aborted', 'shutdown_complete', 'item_started'].map(keeps)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('has no word for cancelling a request', () => {
    expect(appServerContract.cancel).toBeUndefined();
  });

  it('is served over a wire of text: unknown members pass, misfits are refused', () => {
    const wire = fakeWire();
    createAppServer({ agent: () => EMPTY, newId: () => 'T' }).attach(wire);
    wire.receive(
      {
        id: 0,
        method: 'initialize',
        params: { clientInfo: { name: 'x', version: '1', extra: 1 }, capabilities: null },
      },
      { method: 'initialized' },
      { id: 1, method: 'thread/start', params: { ephemeral: true, approvalPolicy: 'untrusted', sandbox: 'read-only' } },
      { id: 2, method: 'turn/start', params: { threadId: 'T', input: 'text' } },
      { id: 3, method: 'configRequirements/read' },
      { id: 4, method: 'configRequirements/read', params: null },
    );
    expect(wire.sent).toMatchObject([
      { id: 0, result: { userAgent: 'rx-sluice (x; 1)' } },
      { id: 1, result: { thread: { id: 'T' } } },
      { method: 'thread/started' },
      { id: 2, error: { code: -32602 } },
      { id: 3, result: { requirements: null } },
      { id: 4, result: { requirements: null } },
    ]);
  });
});
