import type { ThreadInput } from '../../src/thread-state/index.js';
import { describeThread } from './describe-thread.js';
import {
  after,
  answered,
  asked,
  command,
  completed,
  failing,
  message,
  numbered,
  printed,
  resolved,
  said,
  started,
  status,
  turnCompleted,
  turnStarted,
} from './thread-events.js';

const thread = (method: string): ThreadInput => ({ type: 'notification', method, params: { threadId: 't' } });

describe('the status', () => {
  it('is what the server says', () => {
    expect(after([status('active', 'waitingOnApproval')]).status).toEqual({
      type: 'active',
      activeFlags: ['waitingOnApproval'],
    });
    const begun: ThreadInput = {
      type: 'notification',
      method: 'thread/started',
      params: { thread: { id: 't', status: { type: 'idle' } } },
    };
    expect(after([begun]).status).toEqual({ type: 'idle', activeFlags: [] });
  });

  it.each([
    ['completed', 'idle'],
    ['interrupted', 'idle'],
    ['failed', 'systemError'],
  ])('follows a turn that ends %s when the client opted out of status events', (how, type) => {
    const running = after([turnStarted()]);
    expect(running.status.type).toBe('active');
    expect(after([turnCompleted(how)], running).status.type).toBe(type);
  });

  it('is not changed by a turn when the server has said it already', () => {
    expect(after([turnStarted(), status('systemError'), turnCompleted()]).status.type).toBe('systemError');
    const waiting = after([status('active', 'waitingOnApproval')]);
    expect(after([turnStarted()], waiting).status).toBe(waiting.status);
  });

  it('may be one of a newer server', () => {
    expect(after([status('dreaming', 'softly')]).status).toEqual({ type: 'dreaming', activeFlags: ['softly'] });
  });
});

describe('an item', () => {
  it('is open from its start to its end, and stands where it began', () => {
    const open = after([turnStarted(), started(command('c')), started(message('m')), printed('c', 'x')]);
    expect(describeThread(open).items).toEqual(['$ ls [inProgress]x...', '...']);
    const half = after([completed(command('c', 'completed', 'x\n'))], open);
    expect(describeThread(half).items).toEqual(['$ ls [completed]x\n', '...']);
  });

  it('may end without having begun', () => {
    expect(describeThread(after([turnStarted(), completed(message('m', 'all'))])).items).toEqual(['all']);
  });

  it('may be of any kind', () => {
    const walk = { type: 'walk', id: 'w', far: [1] };
    const [item] = after([turnStarted(), started(walk), completed({ ...walk, far: [1, 2] })]).items;
    expect(item).toEqual({ id: 'w', turnId: 'u', isOpen: false, item: { ...walk, far: [1, 2] }, pieces: {} });
  });

  it('keeps its identity when its end says nothing new', () => {
    const state = after([turnStarted(), started(message('m')), completed(message('m', 'x'))]);
    expect(after([completed(message('m', 'x'))], state)).toBe(state);
    expect(describeThread(after([completed(message('m', 'y'))], state)).items).toEqual(['y']);
  });

  it('keeps its turn when its end does not name it', () => {
    const end: ThreadInput = {
      type: 'notification',
      method: 'item/completed',
      params: { threadId: 't', item: message('m') },
    };
    expect(after([turnStarted(), started(message('m')), end]).items[0]).toMatchObject({ turnId: 'u', isOpen: false });
  });

  it('that starts twice keeps what it has', () => {
    const state = after([turnStarted(), started(message('m')), said('m', 'x')]);
    expect(after([started(message('m'))], state)).toBe(state);
  });

  it('that starts after its turn has ended is closed', () => {
    const state = after([turnStarted(), turnCompleted(), started(message('m'))]);
    expect(state.items[0]?.isOpen).toBe(false);
  });

  it('that has no type or no id is none', () => {
    const state = after([turnStarted()]);
    expect(after([started({ type: 'x' }), completed({ id: 'x' }), started([]), completed('x' as never)], state)).toBe(
      state,
    );
  });
});

describe('turn/completed', () => {
  const busy = after([
    turnStarted(),
    started(command('c')),
    printed('c', 'some'),
    started(message('m')),
    said('m', 'Hel'),
    asked(3),
  ]);

  it('closes what is open in it, with what it has', () => {
    const state = after([turnCompleted('interrupted', { itemsView: 'notLoaded' })], busy);
    expect(describeThread(state)).toMatchObject({
      items: ['$ ls [inProgress]some', 'Hel'],
      turns: ['interrupted'],
      approvals: [],
    });
    expect(state.items.map(({ isOpen, pieces }) => [isOpen, pieces])).toEqual([
      [false, {}],
      [false, {}],
    ]);
  });

  it('leaves alone what belongs to another turn', () => {
    const state = after([turnStarted('v'), started(message('n'), 'v'), asked(4, 'n', 'v'), turnCompleted()], busy);
    expect(describeThread(state)).toMatchObject({
      items: ['$ ls [inProgress]some', 'Hel', '...'],
      approvals: ['4 for n'],
    });
  });

  it('closes what belongs to no turn', () => {
    const stray: ThreadInput = {
      type: 'notification',
      method: 'item/started',
      params: { threadId: 't', item: message('s') },
    };
    const question: ThreadInput = { type: 'serverRequest', method: 'ask', id: 9, params: { threadId: 't' } };
    const state = after([stray, question, turnCompleted()]);
    expect(state.items[0]?.isOpen).toBe(false);
    expect(state.approvals).toEqual([]);
  });

  it('has the last message whole', () => {
    const last = { items: [message('m', 'Hello.')], itemsView: 'summary' };
    expect(describeThread(after([turnCompleted('completed', last)], busy)).items[1]).toBe('Hello.');
    const said = after([completed(message('m', 'Hello.'))], busy);
    const end = after([turnCompleted('completed', last)], said);
    expect(end.items[1]).toBe(said.items[1]);
  });

  it('may come without its turn having been told to begin', () => {
    expect(describeThread(after([turnCompleted('failed', { error: { message: 'no' } })])).turns).toEqual([
      'failed: no',
    ]);
  });

  it('is an end, whatever it says', () => {
    expect(after([turnCompleted('inProgress')]).turns[0]?.status).toBe('completed');
    expect(after([turnCompleted('evaporated')]).turns[0]?.status).toBe('evaporated');
  });

  it('is not undone by a turn/started that comes again', () => {
    const state = after([turnStarted(), turnCompleted()]);
    expect(after([turnStarted()], state)).toBe(state);
  });
});

describe('an error', () => {
  it('shows in the turn that goes on, and not when it went well after all', () => {
    const trying = after([turnStarted(), failing('busy', true)]);
    expect(describeThread(trying).turns).toEqual(['inProgress: busy']);
    expect(describeThread(after([turnCompleted()], trying)).turns).toEqual(['completed']);
  });

  it('of a turn that is over or unknown changes nothing', () => {
    const state = after([turnStarted(), turnCompleted()]);
    expect(after([failing('late', false)], state)).toBe(state);
    const empty = after([]);
    expect(after([failing('early', false)], empty)).toBe(empty);
  });
});

describe('a question', () => {
  it('waits by its id, in the order it was asked', () => {
    const state = after([turnStarted(), asked(2, 'b'), asked('2', 'c'), asked(1, 'a')]);
    expect(describeThread(state).approvals).toEqual(['2 for b', '2 for c', '1 for a']);
    expect(state.approvals[0]).toEqual({
      id: 2,
      method: 'item/commandExecution/requestApproval',
      turnId: 'u',
      itemId: 'b',
      params: { threadId: 't', turnId: 'u', itemId: 'b', command: 'ls' },
    });
  });

  it('goes when it is settled, and an id of the other kind does not settle it (C2)', () => {
    const state = after([asked(2, 'b'), asked('2', 'c')]);
    expect(describeThread(after([resolved('2')], state)).approvals).toEqual(['2 for b']);
  });

  it('goes when the user has answered, and the late serverRequest/resolved changes nothing', () => {
    const state = after([turnStarted(), asked(2), answered(2)]);
    expect(state.approvals).toEqual([]);
    expect(after([resolved(2)], state)).toBe(state);
  });

  it('goes with its turn, and the late serverRequest/resolved changes nothing', () => {
    const state = after(numbered([turnStarted(), asked(2), turnCompleted('interrupted')]));
    expect(state.approvals).toEqual([]);
    expect(after(numbered([resolved(2)], 4), state)).toBe(state);
  });

  it('that is put again waits once (S4)', () => {
    const state = after([turnStarted(), asked(2)]);
    expect(after([asked(2)], state)).toBe(state);
  });

  it('of a turn that is over does not wait', () => {
    const state = after([turnStarted(), turnCompleted()]);
    expect(after([asked(2)], state)).toBe(state);
  });

  it('without an id or a method is none', () => {
    const state = after([turnStarted()]);
    const nameless = { type: 'serverRequest', params: { threadId: 't' } };
    expect(after([{ ...nameless, method: 'x' }, { ...nameless, id: 1 } as never], state)).toBe(state);
  });
});

describe('thread/closed', () => {
  it('closes everything', () => {
    const state = after([turnStarted(), started(message('m')), asked(1), thread('thread/closed')]);
    expect(describeThread(state)).toMatchObject({ items: [''], approvals: [], status: 'notLoaded' });
  });
});
