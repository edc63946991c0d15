export { Deadlines } from './deadlines.js';
export type { Deadline } from './deadlines.js';
export { KeyedQueue } from './keyed-queue.js';
export type { KeyedTask } from './keyed-queue.js';
export { LinkedQueue } from './linked-queue.js';
export type { Linked } from './linked-queue.js';
export { Ring } from './ring.js';
export { SerialSubject } from './serial-subject.js';
export { Trampoline } from './trampoline.js';
