import type { SchedulerLike, Subscription } from 'rxjs';
import type { WebSocket } from 'ws';

/**
 * Finds a peer that is gone without a word: a ping each interval, and an answer, or anything else, before the next.
 *
 * A socket whose reading is paused hears no answer, so while it is paused nobody is found dead.
 */
export function keepAlive(
  socket: WebSocket,
  interval: number,
  scheduler: SchedulerLike,
  dead: () => void,
): Subscription {
  let isAlive = true;
  const heard = (): void => {
    isAlive = true;
  };
  socket.on('pong', heard);
  socket.on('message', heard);
  return scheduler.schedule(function () {
    if (!isAlive && !socket.isPaused) {
      dead();
      return;
    }
    isAlive = socket.isPaused;
    if (socket.readyState === socket.OPEN) socket.ping();
    this.schedule(undefined, interval);
  }, interval);
}
