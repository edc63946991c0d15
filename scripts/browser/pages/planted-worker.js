// As `planted`, in a worker.
import { violate } from './violate.js';

violate();
addEventListener('securitypolicyviolation', () => postMessage('heard'));
