import type { NotificationMessage } from '../protocol/index.js';
import type { Linked } from '../scheduling/index.js';

/** A notification that waits for its turn behind requests. */
export class WaitingNotification implements Linked {
  queue: object | undefined = undefined;
  previous: Linked | undefined = undefined;
  next: Linked | undefined = undefined;

  constructor(readonly message: NotificationMessage) {}
}
