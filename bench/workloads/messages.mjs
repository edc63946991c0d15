/**
 * What goes over the wire: messages of the size and shape an app server really sends.
 *
 * There are eight methods with a handler each and several kinds of listener. With one of each, the compiler would melt
 * caller and callee into one function and drop the messages altogether: a speed no program has that does anything.
 */
const kinds = ['read', 'list', 'start', 'resume', 'archive', 'fork', 'rename', 'status'];

export const METHODS = kinds.map((kind) => `thread/${kind}`);
export const paramsOf = (i) => ({ threadId: 'thread-7', includeTurns: false, cursor: i });

/** A handler per method, each a function of its own. */
export const results = Object.fromEntries(
  METHODS.map((method) => [
    method,
    new Function(
      'params',
      `return { thread: { id: params.threadId, status: { type: 'idle' }, preview: '${method}', turns: [] }, cursor: params.cursor };`,
    ),
  ]),
);

/** What is done with a result: it is kept, as a user interface would. */
export const keepers = METHODS.map(() => {
  const screen = { last: undefined, sum: 0 };
  return new Function('screen', 'return (result) => { screen.last = result; screen.sum += result.cursor; };')(screen);
});

export const DELTA = 'item/agentMessage/delta';
export const deltaParams = (threadId) => ({ threadId, turnId: 'turn-1', itemId: 'item-1', delta: 'some text' });

/** A listener that keeps an account of its own. */
export const listener = () => {
  const screen = { last: undefined, text: 0 };
  return new Function('screen', 'return (event) => { screen.last = event; screen.text += event.params.delta.length; };')(
    screen,
  );
};
