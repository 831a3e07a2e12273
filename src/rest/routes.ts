// Paths to methods, from the `x-rest` rows of the document and from nothing else. A fixed path costs one Map lookup.
// SDK users write their base URL with or without `/v1`, so a row at `/v1/x` answers at `/x` too where no row has that path.
// The last `{param}` of a path takes the rest of it, slashes too, as they are or encoded: `/v1/models/openai/gpt-4o`.

import { BrokerError } from "../core/errors.ts";
import type { MethodRow, RestRow } from "../generated/methods.ts";
import type { MethodName } from "../generated/types.ts";

export interface Route {
  readonly method: MethodName;
  readonly row: RestRow;
}

/** A path that exists. */
export interface PathHit {
  readonly verbs: ReadonlyMap<string, Route>;
  /** Value of the `Allow` header. */
  readonly allow: string;
  /** Params in the path, decoded. */
  readonly captured: Readonly<Record<string, string>> | undefined;
}

export interface Router {
  /** Throws `invalid_request` where a param is not valid percent-encoding. */
  find(path: string): PathHit | undefined;
}

interface Template {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly hit: PathHit;
}

export function createRouter(methods: Readonly<Record<MethodName, MethodRow>>): Router {
  const hits = hitsByPath(methods);
  const fixed = new Map<string, PathHit>();
  const templates: Template[] = [];
  for (const [path, hit] of hits) {
    for (const each of [path, withoutVersion(path)]) {
      if (each === undefined || (each !== path && hits.has(each))) continue;
      if (each.includes("{")) templates.push(template(each, hit));
      else fixed.set(each, hit);
    }
  }
  // The one with more fixed text is the more specific.
  templates.sort((a, b) => b.pattern.source.length - a.pattern.source.length);
  return { find: (path) => fixed.get(path) ?? findTemplate(templates, path) };
}

function hitsByPath(methods: Readonly<Record<MethodName, MethodRow>>): Map<string, PathHit> {
  const byPath = new Map<string, Map<string, Route>>();
  for (const [method, { rest }] of Object.entries(methods) as [MethodName, MethodRow][]) {
    for (const row of rest) {
      const verbs = byPath.get(row.path) ?? new Map<string, Route>();
      byPath.set(row.path, verbs.set(row.verb, { method, row }));
      // A stream may have no end, and HEAD would wait for it.
      if (row.verb === "GET" && !isStream(row)) verbs.set("HEAD", { method, row });
    }
  }
  const toHit = (verbs: Map<string, Route>): PathHit => ({
    verbs,
    allow: [...verbs.keys()].join(", "),
    captured: undefined,
  });
  return new Map([...byPath].map(([path, verbs]) => [path, toHit(verbs)]));
}

function isStream({ params }: RestRow): boolean {
  return params?.stream === true;
}

function withoutVersion(path: string): string | undefined {
  return path.startsWith("/v1/") ? path.slice(3) : undefined;
}

function template(path: string, hit: PathHit): Template {
  const names: string[] = [];
  const parts = path.split("/").map((part, index, all) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(name);
    return index === all.length - 1 ? "(.+)" : "([^/]+)";
  });
  return { pattern: new RegExp(`^${parts.join("/")}$`), names, hit };
}

function findTemplate(templates: readonly Template[], path: string): PathHit | undefined {
  for (const { pattern, names, hit } of templates) {
    const match = pattern.exec(path);
    if (!match) continue;
    return { ...hit, captured: Object.fromEntries(names.map((name, index) => [name, decode(match[index + 1] ?? "")])) };
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BrokerError("invalid_request", "The path is not valid percent-encoding");
  }
}
