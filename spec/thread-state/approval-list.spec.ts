import { approvalOf, settleApprovals, withApproval } from '../../src/thread-state/approval-list.js';

const approval = { id: 1, method: 'ask', turnId: undefined, itemId: undefined, params: {} };

describe('approvalOf', () => {
  it('reads what the question is about', () => {
    const params = { turnId: 'u', itemId: 'i', more: 1 };
    expect(approvalOf({ id: 'x', method: 'ask', params })).toEqual({
      id: 'x',
      method: 'ask',
      turnId: 'u',
      itemId: 'i',
      params,
    });
    expect(approvalOf({ id: 1, method: 'ask', params: {} })).toEqual(approval);
  });

  it.each([{ method: 'ask' }, { id: 1.5, method: 'ask' }, { id: null, method: 'ask' }, { id: 1 }])(
    'makes nothing of %p, which nobody could answer',
    (request) => {
      expect(approvalOf(request)).toBeUndefined();
    },
  );
});

it('withApproval adds a question once', () => {
  const list = withApproval([], approval);
  expect(withApproval(list, { ...approval })).toBe(list);
  expect(withApproval(list, { ...approval, id: '1' })).toHaveLength(2);
});

it('settleApprovals keeps the list if none is settled', () => {
  const list = [approval, { ...approval, id: 2 }];
  expect(settleApprovals(list, () => false)).toBe(list);
  expect(settleApprovals(list, ({ id }) => id === 1)).toEqual([list[1]]);
});
