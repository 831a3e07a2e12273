// Generated from openrpc.json by scripts/generate.ts. Do not edit: change the document and run `npm run generate`.

/** One fault of a value, as ajv reports it. */
export interface Fault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly Fault[] | null;
}
export const ModelsConfig: Validator;
export const McpConfig: Validator;
/** Params validators by method name. */
export const PARAMS: Readonly<Record<string, Validator>>;
