// Reads a configuration file, YAML or JSON, and checks it against its schema. Every fault is one line: file, line, path,
// what is wrong; callers tell their own faults in the same way, by `blame`.

import { readFileSync, statSync } from "node:fs";
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { BrokerError } from "../core/errors.ts";
import type { Fault, Validator } from "../generated/validators.js";

const MAX_BYTES = 4 * 1024 * 1024;

/** A fault at a path of the file, with its line. */
export type Blame = (steps: readonly string[], reason: string) => BrokerError;

export interface Checked {
  /** By the schema of the validator. */
  readonly value: unknown;
  readonly blame: Blame;
}

/** The file's text. Throws `config_invalid`; `advice` is what to do when it can't be read. */
export function readText(path: string, advice: string): string {
  try {
    if (statSync(path).size > MAX_BYTES) throw new BrokerError("config_invalid", `${path} is larger than 4 MiB`);
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof BrokerError) throw cause;
    const reason = cause instanceof Error && "code" in cause ? cause.code : cause;
    throw new BrokerError("config_invalid", `${path} can't be read (${reason}): ${advice}`);
  }
}

/** Throws `config_invalid`. `path` is only for messages. */
export function parseConfig(source: string, path: string, validator: Validator): Checked {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault) throw invalid(path, lines.linePos(fault.pos[0]).line, "", fault.message);
  const value = toPlain(document, path);
  const blame: Blame = (steps, reason) => invalid(path, nodeLine(document, lines, steps), steps.join("."), reason);
  if (validator(value)) return { value, blame };
  throw firstFault(validator.errors ?? [], blame);
}

/** Where a value may have one of several forms, the form that it comes nearest to tells the fault. */
function firstFault(faults: readonly Fault[], blame: Blame): BrokerError {
  const deepest = Math.max(...faults.map(depthOf));
  const forms = faults.some(({ keyword }) => keyword === "oneOf" || keyword === "anyOf");
  const first = forms ? faults.find((fault) => depthOf(fault) === deepest) : faults[0];
  const steps = pointerSteps(first?.instancePath ?? "");
  // A faulty name is told by the second error, after what is wrong with it.
  const named = faults.find((each) => each.keyword === "propertyNames");
  const unknown = first?.params.additionalProperty ?? named?.params.propertyName;
  const at = typeof unknown === "string" ? [...steps, unknown] : steps;
  const allowed = Array.isArray(first?.params.allowedValues) ? `: ${first.params.allowedValues.join(", ")}` : "";
  const reason = first?.keyword === "additionalProperties" ? "is not known here" : `${first?.message}${allowed}`;
  return blame(at, reason);
}

function depthOf({ instancePath }: Fault): number {
  return instancePath.split("/").length;
}

function toPlain(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw invalid(path, 1, "", cause instanceof Error ? cause.message : String(cause));
  }
}

function pointerSteps(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Line of the deepest key or item on the way that exists. */
function nodeLine(document: Document, lines: LineCounter, steps: readonly string[]): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const step of steps) {
    if (isAlias(node)) node = node.resolve(document);
    let at: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      at = pair?.key;
      node = pair?.value;
    } else if (isSeq(node)) {
      at = node.items[Number(step)];
      node = at;
    }
    if (!isNode(at) || !at.range) break;
    offset = at.range[0];
  }
  return lines.linePos(offset).line;
}

function invalid(path: string, line: number, at: string, reason: string): BrokerError {
  const where = at === "" ? "" : ` ${at}`;
  return new BrokerError("config_invalid", `${path}:${line}:${where} ${reason}`, { param: at, line, path });
}
