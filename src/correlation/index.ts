export { PendingRequest } from './pending-request.js';
export type { PendingOwner } from './pending-request.js';
export { PendingRequests } from './pending-requests.js';
