// What the page and its worker agree on.
import { defineContract, notification, request, type } from 'rx-sluice';

export const contract = defineContract({
  handshake: { request: 'hello', capabilities: ({ lag }) => ({ lag }) },
  requests: {
    hello: request({ params: type(), result: type() }),
    /** Ticks so often, and answers what became of the ticks. */
    flood: request({ params: type(), result: type() }),
    /** Is never answered. */
    wait: request({ params: type(), result: type() }),
  },
  serverNotifications: { tick: notification({ params: type(), delivery: 'best-effort' }) },
});
