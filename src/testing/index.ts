/**
 * Marbles with gaps, a fake wire and scripted peers, for specs in virtual time.
 *
 * @module rx-sluice/testing
 * @packageDocumentation
 */
export { run } from './run.js';
export { marbles } from './marbles.js';
export { fakeWire } from './fake-wire.js';
export type { FakeWire, FakeWireOptions } from './fake-wire.js';
export { scriptedServer } from './scripted-server.js';
export type { Script, ScriptedAnswer, ScriptedServer } from './scripted-server.js';
export { scriptedAgent } from './scripted-agent.js';
export type { AgentScript, ScriptedAgent } from './scripted-agent.js';
