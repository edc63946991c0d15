import * as z from 'zod';

/** Whose settings are read. */
export const ConfigReadParams = z.looseObject({
  /** The folder the settings are for. Default: the server's. */
  cwd: z.string().nullish(),
});
export type ConfigReadParams = z.infer<typeof ConfigReadParams>;

/** The settings by name, as the embedder has them. */
export const ConfigReadResult = z.looseObject({
  config: z.record(z.string(), z.unknown()),
  /** Which file each setting came from. Always empty here: the embedder may have none. */
  origins: z.record(z.string(), z.unknown()),
});
export type ConfigReadResult = z.infer<typeof ConfigReadResult>;

/** A model an agent can work with. */
export const Model = z.looseObject({
  id: z.string(),
  /** What `thread/start` and `turn/start` are told. */
  model: z.string(),
  displayName: z.string(),
  description: z.string(),
  /** Not for the usual choice. */
  hidden: z.boolean(),
  /** Used where none is chosen. */
  isDefault: z.boolean(),
});
export type Model = z.infer<typeof Model>;

/** Which page of the models. */
export const ModelListParams = z.looseObject({
  /** The `nextCursor` of the page before. */
  cursor: z.string().nullish(),
  /** Default: no limit. */
  limit: z.int().min(0).nullish(),
  /** Default false. */
  includeHidden: z.boolean().nullish(),
});
export type ModelListParams = z.infer<typeof ModelListParams>;

/** A page of models; without `nextCursor` it is the last. */
export const ModelListResult = z.looseObject({ data: z.array(Model), nextCursor: z.string().nullable() });
export type ModelListResult = z.infer<typeof ModelListResult>;
