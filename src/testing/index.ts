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
export { faultyWire } from './faulty-wire.js';
export type { FaultyWire, FaultyWireOptions } from './faulty-wire.js';
export { conformanceCases } from './conformance/conformance-cases.js';
export type { ConformanceCase, ConformanceOptions } from './conformance/conformance-cases.js';
export type { ConformanceAbility, ConformanceHarness, ConformanceLink } from './conformance/conformance-harness.js';
export { startConformanceServer } from './conformance/start-conformance-server.js';
export { conformanceContract } from './conformance/conformance-contract.js';
export type { ConformanceContract } from './conformance/conformance-contract.js';
export { ConformanceError } from './conformance/conformance-error.js';
