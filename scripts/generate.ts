// Derives src/generated/* from openrpc.json. `--check` writes nothing and fails when a file is not up to date.
// The document is validated first, so a faulty one never reaches the code.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientSource } from "./generate/client.ts";
import { type Document, ROOT, readDocument } from "./generate/document.ts";
import { methodsSource } from "./generate/methods.ts";
import { typesSource } from "./generate/types.ts";
import { VALIDATORS_TYPES, validatorsSource } from "./generate/validators.ts";

const HEADER =
  "// Generated from openrpc.json by scripts/generate.ts. Do not edit: change the document and run `npm run generate`.\n\n";

/** Every generated file by name, with its text. */
export async function generate(document: Document): Promise<Record<string, string>> {
  const sources = {
    "types.ts": await typesSource(document),
    "methods.ts": methodsSource(document),
    "validators.js": validatorsSource(document),
    "validators.d.ts": VALIDATORS_TYPES,
    "client.ts": clientSource(document),
  };
  return Object.fromEntries(Object.entries(sources).map(([name, text]) => [name, HEADER + text]));
}

async function main(): Promise<void> {
  const files = await generate(await readDocument());
  const folder = join(ROOT, "src/generated");
  await mkdir(folder, { recursive: true });
  const stale: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    const present = await readFile(path, "utf8").catch(() => "");
    if (present === text) continue;
    stale.push(name);
    if (!process.argv.includes("--check")) await writeFile(path, text);
  }
  if (stale.length > 0 && process.argv.includes("--check")) {
    console.error(
      `src/generated is not up to date (${stale.join(", ")}): run \`npm run generate\` and commit the result.`,
    );
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
