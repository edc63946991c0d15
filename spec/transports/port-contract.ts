import { defineContract, notification, request, serverRequest, type } from '../../src/protocol/index.js';

/** What is spoken over the ports of these specs. */
export const contract = defineContract({
  requests: {
    hi: request({}),
    add: request({ params: type<number>(), result: type<number>() }),
    ask: request({ params: type<string>(), result: type<boolean>() }),
    /** Broadcasts so many ticks, then answers. */
    flood: request({ params: type<number>(), result: type<number>() }),
    /** Computes for so many milliseconds. */
    stall: request({ params: type<number>() }),
    die: request({ params: type<number>() }),
    leave: request({}),
  },
  serverRequests: { approve: serverRequest({ params: type<string>(), result: type<boolean>() }) },
  serverNotifications: { tick: notification({ params: type<number>(), delivery: 'best-effort' }) },
  handshake: { request: 'hi', capabilities: () => ({ lag: true }) },
});
