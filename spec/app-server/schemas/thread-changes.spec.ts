import {
  ThreadArchiveResult,
  ThreadParams,
  ThreadSetNameParams,
  ThreadSetNameResult,
  ThreadUnarchiveResult,
  ThreadUnsubscribeResult,
  ThreadUnsubscribeStatus,
} from '../../../src/app-server/index.js';

describe('requests that change a thread', () => {
  it('name it', () => {
    expect(ThreadParams.safeParse({ threadId: 't', more: 1 }).success).toBe(true);
    expect(ThreadParams.safeParse({ threadId: 5 }).success).toBe(false);
    expect(ThreadSetNameParams.safeParse({ threadId: 't', name: '' }).success).toBe(true);
    expect(ThreadSetNameParams.safeParse({ threadId: 't' }).success).toBe(false);
  });

  it('are answered with an object, the unarchived thread or a status', () => {
    for (const schema of [ThreadArchiveResult, ThreadSetNameResult]) {
      expect(schema.safeParse({}).success).toBe(true);
      expect(schema.safeParse(null).success).toBe(false);
    }
    expect(ThreadUnarchiveResult.safeParse({}).success).toBe(false);
    expect(ThreadUnsubscribeStatus.options).toEqual(['notLoaded', 'notSubscribed', 'unsubscribed']);
    expect(ThreadUnsubscribeResult.safeParse({ status: 'gone' }).success).toBe(false);
  });
});
