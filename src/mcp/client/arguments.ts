// Checks arguments against a tool's inputSchema before they go to its server. A schema comes from a server and is not to be
// trusted: its size and what it unfolds to are bounded, nothing is fetched for it, and of its patterns only those are tried
// that can't be made to take long. What can't be checked here goes to the server as it is: it checks for itself.

import type { Ajv, ErrorObject, ValidateFunction } from "ajv";
import { BrokerError } from "../../core/errors.ts";
import type { McpTool } from "../../generated/types.ts";

export interface Arguments {
  /**
   * Throws `invalid_params` with the pointer of what is wrong; or rejects with it, the first time. An argument that is null
   * may stand for one that is not there, as many models have it.
   */
  check(tool: McpTool, args: Readonly<Record<string, unknown>>): void | Promise<void>;
}

const MOST_SCHEMA = 256 * 1024;
/** Places that a schema unfolds to when its references are followed. */
const MOST_PLACES = 20_000;
const LONGEST_PATTERN = 512;
/** Each may double the time that a pattern takes; a repetition already takes the square of the text's length. */
const MOST_OPTIONS = 8;
const MOST_BESIDE_REPETITION = 2;
/** Longer texts are not held against patterns. */
const LONGEST_MATCHED = 4096;

/** `warn` is told once of each schema that can't be used. */
export function createArguments(warn: (tool: McpTool, reason: string) => void): Arguments {
  const checks = new WeakMap<object, ValidateFunction | undefined>();
  let compilers: Compilers | undefined;
  const check: Arguments["check"] = (tool, args) => {
    const { inputSchema } = tool;
    if (!checks.has(inputSchema)) {
      if (compilers === undefined) {
        return loadCompilers().then((loaded) => {
          compilers = loaded;
          return check(tool, args);
        });
      }
      checks.set(
        inputSchema,
        compiled(inputSchema, compilers, (reason) => warn(tool, reason)),
      );
    }
    const validate = checks.get(inputSchema);
    if (validate === undefined || holds(validate, args)) return;
    const fault = refusal(validate.errors?.[0]);
    const given = Object.entries(args).filter(([, value]) => value !== null);
    if (given.length === Object.keys(args).length || !holds(validate, Object.fromEntries(given))) throw fault;
  };
  return { check };
}

interface Compilers {
  readonly draft07: typeof Ajv;
  readonly latest: typeof Ajv;
}

/** Only who calls tools pays for it. */
async function loadCompilers(): Promise<Compilers> {
  const [{ Ajv: draft07 }, { Ajv2020: latest }] = await Promise.all([import("ajv"), import("ajv/dist/2020.js")]);
  return { draft07, latest };
}

/** A schema that leads round in circles ends in a RangeError: then the server is to say. */
function holds(check: ValidateFunction, args: object): boolean {
  try {
    return check(args) === true;
  } catch {
    return true;
  }
}

function compiled(schema: object, compilers: Compilers, warn: (reason: string) => void): ValidateFunction | undefined {
  try {
    if (JSON.stringify(schema).length > MOST_SCHEMA) throw new RangeError(`longer than ${MOST_SCHEMA} characters`);
    if (places(schema, schema, MOST_PLACES) <= 0) throw new RangeError(`unfolds to more than ${MOST_PLACES} places`);
    return compilerOf(schema, compilers).compile(schema);
  } catch (cause) {
    warn(cause instanceof Error ? cause.message : String(cause));
    return undefined;
  }
}

/** One for each schema, so that no two can meet in an `$id`. */
function compilerOf(schema: object, { draft07, latest }: Compilers): Ajv {
  const dialect = "$schema" in schema ? String(schema.$schema) : "";
  const Compiler = /draft-0[4-7]/.test(dialect) ? draft07 : latest;
  const compiler = new Compiler({
    ...{ strict: false, validateSchema: false, validateFormats: false, logger: false, addUsedSchema: false },
    meta: false,
    code: { regExp: Object.assign(safePattern, { code: "" }) },
  });
  compiler.removeKeyword("uniqueItems"); // quadratic
  return compiler;
}

/** How much of `left` remains when the schema has been walked, references followed except to where one comes from. */
function places(root: object, at: unknown, left: number, above: readonly unknown[] = []): number {
  if (typeof at !== "object" || at === null || left <= 0) return left;
  if (above.includes(at)) return left - 1;
  const way = [...above, at];
  let rest = left - 1;
  for (const value of Object.values(at)) rest = places(root, value, rest, way);
  const target = "$ref" in at && typeof at.$ref === "string" ? localTarget(root, at.$ref) : undefined;
  return target === undefined ? rest : places(root, target, rest, way);
}

function localTarget(root: object, reference: string): unknown {
  if (!reference.startsWith("#")) return undefined;
  let at: unknown = root;
  for (const step of decodeURIComponent(reference).split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    at = typeof at === "object" && at !== null && Object.hasOwn(at, name) ? at[name as keyof typeof at] : undefined;
  }
  return at;
}

/** With two repetitions of no set number, or one of a group, a pattern may take long for a text made for it. */
function safePattern(pattern: string, flags: string): { test(text: string): boolean } {
  const plain = pattern.replaceAll(/\\./g, "x").replaceAll(/\[[^\]]*\]/g, "x");
  const repeats = plain.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0;
  const options = plain.match(/[?|]/g)?.length ?? 0;
  const crooked = /\)[*+{]/.test(plain) || /\\[1-9k]/.test(pattern) || pattern.length > LONGEST_PATTERN;
  const risky = crooked || repeats > 1 || options > (repeats === 1 ? MOST_BESIDE_REPETITION : MOST_OPTIONS);
  const regExp = new RegExp(pattern, flags);
  return { test: (text) => risky || text.length > LONGEST_MATCHED || regExp.test(text) };
}

function refusal(fault: ErrorObject | undefined): BrokerError {
  const extra = fault?.params.additionalProperty ?? fault?.params.unevaluatedProperty;
  const missing = fault?.keyword === "required" ? fault.params.missingProperty : undefined;
  const name = extra ?? missing;
  const tail = name === undefined ? "" : `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const allowed = Array.isArray(fault?.params.allowedValues) ? `: ${JSON.stringify(fault.params.allowedValues)}` : "";
  const words =
    extra === undefined ? (missing === undefined ? `${fault?.message}${allowed}` : "is required") : "is not known here";
  const param = `/arguments${fault?.instancePath ?? ""}${tail}`.slice(0, 1024);
  return new BrokerError("invalid_params", `${param} ${words}`.slice(0, 1500), { param });
}
