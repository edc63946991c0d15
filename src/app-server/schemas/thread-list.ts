import * as z from 'zod';

import { Thread } from './thread.js';

/** Which stored threads, newest first. */
export const ThreadListParams = z.looseObject({
  /** The `nextCursor` of the page before. */
  cursor: z.string().nullish(),
  /** Default 25; at least 1, at most 100. */
  limit: z.int().min(0).nullish(),
  /** Default `created_at`. */
  sortKey: z.enum(['created_at', 'updated_at']).nullish(),
  /** The archived ones instead of the others. Default false. */
  archived: z.boolean().nullish(),
  /** Text in the name or the preview, whatever its case. */
  searchTerm: z.string().nullish(),
  /** Which kinds of program started them. Default, and if empty: any. */
  sourceKinds: z.array(z.string()).nullish(),
  /** Exactly the folder they work in. Default: any. */
  cwd: z.string().nullish(),
});
export type ThreadListParams = z.infer<typeof ThreadListParams>;

/** A page of threads, without their turns; without `nextCursor` it is the last. */
export const ThreadListResult = z.looseObject({ data: z.array(Thread), nextCursor: z.string().nullable() });
export type ThreadListResult = z.infer<typeof ThreadListResult>;

/** Which page of the threads in memory. */
export const ThreadLoadedListParams = z.looseObject({
  /** The `nextCursor` of the page before. */
  cursor: z.string().nullish(),
  /** Default: no limit. */
  limit: z.int().min(0).nullish(),
});
export type ThreadLoadedListParams = z.infer<typeof ThreadLoadedListParams>;

/** Ids, in the order of their characters. */
export const ThreadLoadedListResult = z.looseObject({ data: z.array(z.string()), nextCursor: z.string().nullable() });
export type ThreadLoadedListResult = z.infer<typeof ThreadLoadedListResult>;
