import { newId } from '../../src/app-server/new-id.js';

describe('newId', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is a random UUID where the platform makes one', () => {
    expect(newId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(newId()).not.toBe(newId());
  });

  it('is unique on a platform without one', () => {
    const given = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
    Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
    const ids = [newId(), newId()];
    if (given !== undefined) Object.defineProperty(globalThis, 'crypto', given);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => id.length > 2)).toBe(true);
  });
});
