// Violates the policy, here and in a worker, to show that a violation is heard.
import { violate } from './violate.js';

violate();
const worker = new Worker('/planted-worker.js', { type: 'module' });
worker.addEventListener('message', () => (globalThis.seen = {}));
