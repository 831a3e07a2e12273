// Params against the document. One fault, named by its JSON pointer; the offending value itself is never repeated.

import { BrokerError } from "../core/errors.ts";
import { METHODS } from "../generated/methods.ts";
import type { MethodName } from "../generated/types.ts";
import { type Fault, PARAMS } from "../generated/validators.js";

/** The method's row name, or `method_not_found`. Own members only, so `constructor` is no method. */
export function methodName(name: string): MethodName {
  if (Object.hasOwn(METHODS, name)) return name as MethodName;
  throw new BrokerError("method_not_found", `No method is called "${name.slice(0, 128)}"`);
}

/** Params as an object: by name as they are, by position where the method allows it. */
export function byName(method: MethodName, params: unknown): object {
  if (params === undefined || params === null) return {};
  if (!Array.isArray(params)) {
    if (typeof params === "object") return params;
    throw new BrokerError("invalid_params", "params must be an object or an array", { param: "" });
  }
  const { positional } = METHODS[method];
  if (!positional) throw new BrokerError("invalid_params", `${method} takes its params by name`, { param: "" });
  if (params.length > positional.length) {
    throw new BrokerError("invalid_params", `${method} takes at most ${positional.length} params`, { param: "" });
  }
  return Object.fromEntries(params.map((value, index) => [positional[index], value]));
}

/** Throws `invalid_params` with the pointer of the first fault. */
export function validate(method: MethodName, params: object): void {
  const validator = PARAMS[method];
  if (!validator || validator(params)) return;
  const fault = validator.errors?.[0];
  if (!fault) throw new BrokerError("invalid_params");
  const param = pointer(fault);
  throw new BrokerError("invalid_params", `${param === "" ? "params" : param}: ${explain(fault)}`, { param });
}

/** Where the fault is; for a missing or unknown member, or one that should tell the type, that member. */
function pointer(fault: Fault): string {
  const member = fault.params.missingProperty ?? fault.params.additionalProperty ?? fault.params.tag;
  return typeof member === "string" ? `${fault.instancePath}/${member.slice(0, 128)}` : fault.instancePath;
}

function explain(fault: Fault): string {
  switch (fault.keyword) {
    case "required":
      return "is required";
    case "additionalProperties":
      return "is not a known param";
    case "enum": {
      const allowed = fault.params.allowedValues;
      return Array.isArray(allowed) ? `must be one of ${allowed.map((each) => JSON.stringify(each)).join(", ")}` : "";
    }
    case "discriminator":
      return `is not a known ${String(fault.params.tag)}`;
    default:
      return fault.message ?? "is not valid";
  }
}
