export { inProcessWires } from './in-process-wires.js';
export type { InProcessOptions, Isolation } from './in-process-wires.js';
export { startInProcess } from './start-in-process.js';
export type { StartInProcessOptions } from './start-in-process.js';
