import { isThreadStoreError, ThreadStoreError } from '../../../src/app-server/store/thread-store-error.js';

describe('ThreadStoreError', () => {
  it('says which thread, why, and what was the cause', () => {
    const cause = new Error('disk full');
    const error = new ThreadStoreError('io', 'cannot be kept', 't-1', { cause });
    expect(error).toMatchObject({
      name: 'ThreadStoreError',
      reason: 'io',
      threadId: 't-1',
      message: 'thread t-1: cannot be kept',
      cause,
    });
  });

  it('speaks of the store as a whole without a thread', () => {
    expect(new ThreadStoreError('closed', 'the store was closed')).toMatchObject({
      message: 'the store was closed',
      threadId: undefined,
    });
  });

  it('is recognised by its brand, not by its name', () => {
    expect(isThreadStoreError(new ThreadStoreError('unknown', 'is not known', 't'))).toBe(true);
    expect(isThreadStoreError(Object.assign(new Error(), { name: 'ThreadStoreError', reason: 'io' }))).toBe(false);
    expect(isThreadStoreError(undefined)).toBe(false);
  });
});
