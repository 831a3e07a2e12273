// What a request is for: a REST row, with what its path and query say, JSON-RPC, or MCP. Also which verbs a path takes.

import { BrokerError } from "../core/errors.ts";
import { mcpVerbs } from "../mcp/server/http-request.ts";
import type { ErrorShape } from "./error-shape.ts";
import type { PathHit, Route, Router } from "./routes.ts";

export interface Aim {
  /** Absent: JSON-RPC, or MCP. */
  readonly route: Route | undefined;
  /** The path, where it is MCP's own. */
  readonly mcp?: string;
  readonly captured: PathHit["captured"];
  /** Without its question mark. */
  readonly query: string;
}

const RPC: Aim = { route: undefined, captured: undefined, query: "" };

/** Throws `route_not_found`, `invalid_request` for bad encoding, or `verb_not_allowed` with the fact `allow`. */
export function findAim(router: Router, verb: string, url: string): Aim {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const isRpc = path === "/rpc" || path === "/";
  if (isRpc && verb === "POST") return RPC;
  if (path.startsWith("/mcp")) {
    const allow = mcpVerbs(path);
    if (allow?.includes(verb)) return { ...RPC, mcp: path, query: mark < 0 ? "" : url.slice(mark + 1) };
    if (allow !== undefined) throw new BrokerError("verb_not_allowed", undefined, { allow });
  }
  const hit = router.find(path);
  const route = hit?.verbs.get(verb);
  if (route) return { route, captured: hit?.captured, query: mark < 0 ? "" : url.slice(mark + 1) };
  if (!hit && !isRpc) throw new BrokerError("route_not_found");
  const allow = [hit?.allow ?? [], isRpc ? "POST" : []].flat().join(", ");
  throw new BrokerError("verb_not_allowed", undefined, { allow });
}

/** How an error of such a request is shown. */
export function shapeOf({ route }: Aim): ErrorShape {
  return route ? shapeOn(route) : "rpc";
}

/** The same of a request that is for nothing, by the path alone: whoever asked there reads what its rows answer. */
export function shapeAt(router: Router, url: string): ErrorShape {
  const [path = ""] = url.split("?", 1);
  try {
    for (const route of router.find(path)?.verbs.values() ?? []) return shapeOn(route);
  } catch {
    // Bad encoding is told in the usual shape.
  }
  return "openai";
}

function shapeOn({ row }: Route): ErrorShape {
  return row.dialect === "anthropic" ? "anthropic" : "openai";
}
