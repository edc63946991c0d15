/**
 * The limit: two ends that share one function call, and a map of callbacks.
 *
 * It tells answers from events, results from errors and known methods from unknown ones, since a wire carries them all;
 * it bounds nothing, cancels nothing and never ends.
 */
export function handWrittenPair(handlers) {
  const methods = new Map(Object.entries(handlers));
  const pending = new Map();
  let counter = 0;
  const server = {
    receive(message) {
      const handler = methods.get(message.method);
      if (handler === undefined) client.receive({ id: message.id, error: { code: -32601, message: 'no such method' } });
      else handler(message.params, (result) => client.receive({ id: message.id, result }));
    },
  };
  const client = {
    request(method, params, done, fail) {
      const id = counter++;
      pending.set(id, { done, fail });
      server.receive({ id, method, params });
    },
    receive(message) {
      if (message.method !== undefined) return;
      const request = pending.get(message.id);
      if (request === undefined) return;
      pending.delete(message.id);
      if (message.error !== undefined) request.fail(message.error);
      else request.done(message.result);
    },
  };
  return client;
}
