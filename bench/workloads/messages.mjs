/**
 * What goes over the wire: messages of the size and shape an app server really sends, each built anew with a text or an
 * id of its own, as an agent does.
 *
 * There are eight methods with a handler each and several kinds of listener. With one of each, the compiler would melt
 * caller and callee into one function and drop the messages altogether: a speed no program has that does anything.
 */
const kinds = ['start', 'steer', 'review', 'compact', 'retry', 'resume', 'fork', 'revert'];

export const METHODS = kinds.map((kind) => `turn/${kind}`);
export const paramsOf = (i) => ({ threadId: 'thread-7', input: [{ type: 'text', text: `step ${i}` }], cursor: i });

/** A handler per method, each a function of its own. */
export const results = Object.fromEntries(
  kinds.map((kind) => [
    `turn/${kind}`,
    new Function(
      'params',
      `return { turn: { id: '${kind}-' + params.cursor, items: [], status: 'inProgress', error: null }, cursor: params.cursor };`,
    ),
  ]),
);

/** What is done with a result: it is kept, as a user interface would. */
export const keepers = METHODS.map(() => {
  const screen = { last: undefined, sum: 0 };
  return new Function('screen', 'return (result) => { screen.last = result; screen.sum += result.cursor; };')(screen);
});

export const DELTA = 'item/agentMessage/delta';
export const deltaParams = (threadId, i) => ({ threadId, turnId: 'turn-1', itemId: 'item-1', delta: `token ${i} ` });

/** A listener that does the least a view of a thread does: it finds the item the text belongs to and adds it up. */
export const listener = () => {
  const items = new Map();
  return new Function(
    'items',
    `return ({ params: { itemId, delta } }) => {
      const item = items.get(itemId);
      if (item === undefined) items.set(itemId, { length: delta.length, last: delta });
      else {
        item.length += delta.length;
        item.last = delta;
      }
    };`,
  )(items);
};
