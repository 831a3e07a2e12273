// Finds the packages we compare with: installed here, or in the node_modules folder that BENCH_PEERS names.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const here = createRequire(import.meta.url);

function folders(): string[] {
  const named = process.env.BENCH_PEERS;
  return [...(here.resolve.paths("peer") ?? []), ...(named ? [resolve(named)] : [])];
}

/** The folder of an installed package, or null. */
export function peerFolder(name: string): string | null {
  for (const folder of folders()) if (existsSync(join(folder, name, "package.json"))) return join(folder, name);
  return null;
}

/** A peer's CommonJS entry (`name` or `name/subpath`); its caller knows the shape. */
export function loadPeer(specifier: string): unknown {
  const name = specifier.split("/")[0] ?? specifier;
  const folder = peerFolder(name);
  if (folder === null) throw new Error(`${name} is not installed`);
  return createRequire(join(dirname(folder), "bench.js"))(specifier) as unknown;
}
