import * as z from 'zod';

/** Who the client is, and what it can take. */
export const CodexInitializeParams = z.looseObject({
  clientInfo: z.looseObject({ name: z.string(), version: z.string(), title: z.string().nullish() }),
  capabilities: z
    .looseObject({
      /** Use of methods and events that may still change. Default false. */
      experimentalApi: z.boolean().optional(),
      /** Exact names of events this client does not want. Default none. */
      optOutNotificationMethods: z.array(z.string()).nullish(),
    })
    .nullish(),
});
export type CodexInitializeParams = z.infer<typeof CodexInitializeParams>;

/** Who the server is. The version stands in `userAgent`. */
export const CodexInitializeResult = z.looseObject({ userAgent: z.string(), codexHome: z.string().optional() });
export type CodexInitializeResult = z.infer<typeof CodexInitializeResult>;
