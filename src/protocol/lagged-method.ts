/** The notification that stands on the wire where events were given up: `{ skipped }` of them. */
export const LAGGED_METHOD = '$/lagged';
