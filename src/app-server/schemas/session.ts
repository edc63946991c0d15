import * as z from 'zod';

/** Who the client is and what it wants to receive. */
export const InitializeParams = z.looseObject({
  clientInfo: z.looseObject({ name: z.string(), version: z.string(), title: z.string().nullish() }),
  capabilities: z
    .looseObject({
      /** Use of methods and events that may still change. Default false. */
      experimentalApi: z.boolean().optional(),
      /** Exact names of events this client does not want; unknown names do no harm. Default none. */
      optOutNotificationMethods: z.array(z.string()).nullish(),
      /** Understands `$/lagged`: growing text may be dropped for it where its wire is full. Default: only in process. */
      lag: z.boolean().optional(),
    })
    .nullish(),
});
export type InitializeParams = z.infer<typeof InitializeParams>;

/** Who the server is. */
export const InitializeResult = z.looseObject({
  userAgent: z.string(),
  codexHome: z.string(),
  platformFamily: z.string(),
  platformOs: z.string(),
});
export type InitializeResult = z.infer<typeof InitializeResult>;

/** What an administrator demands of every client; `null`: nothing. */
export const ConfigRequirementsResult = z.looseObject({ requirements: z.looseObject({}).nullable() });
export type ConfigRequirementsResult = z.infer<typeof ConfigRequirementsResult>;
