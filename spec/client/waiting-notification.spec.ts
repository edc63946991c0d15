import { WaitingNotification } from '../../src/client/waiting-notification.js';
import { LinkedQueue } from '../../src/scheduling/index.js';

describe('WaitingNotification', () => {
  it('C4 is a message with a place in a queue, out of which it comes as it went in', () => {
    const line = new LinkedQueue<WaitingNotification>();
    const messages = ['a', 'b', 'c'].map((method) => ({ method }));
    const [a, b, c] = messages.map((message) => new WaitingNotification(message));
    for (const one of [a!, b!, c!]) line.push(one);
    line.delete(b!);
    expect([line.shift()?.message, line.shift()?.message, line.shift()]).toEqual([messages[0], messages[2], undefined]);
  });
});
