import { threadStatus } from '../../src/thread-state/thread-status.js';

describe('threadStatus', () => {
  const known = { type: 'active', activeFlags: ['waitingOnApproval'] };

  it('always has its flags', () => {
    expect(threadStatus(known, { type: 'idle' })).toEqual({ type: 'idle', activeFlags: [] });
    expect(threadStatus(known, { type: 'active', activeFlags: 'x' })).toEqual({ type: 'active', activeFlags: [] });
    expect(threadStatus(known, { type: 'active', activeFlags: [1, 'y'] })).toEqual({
      type: 'active',
      activeFlags: ['y'],
    });
  });

  it('is the known one if it says the same, or nothing', () => {
    expect(threadStatus(known, { type: 'active', activeFlags: ['waitingOnApproval'] })).toBe(known);
    expect(threadStatus(known, 'active')).toBe(known);
    expect(threadStatus(known, { type: 7 })).toBe(known);
  });
});
