// Runs the compatibility suite and prints the table of what has passed: `node scripts/compat-table.ts`. With `--write` it is
// put into docs/compat.md. Fails where a test does.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "node:test";
import { compatPage, compatTable } from "./docs/compat.ts";
import { ROOT } from "./generate/document.ts";

const SUITE = join(ROOT, "test/compat/matrix.test.ts");

/** The names of the tests that passed; every failure is told. */
async function passed(): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { type, data } of run({ files: [SUITE], isolation: "process" })) {
    if (type === "test:pass") names.add(data.name);
    if (type !== "test:fail") continue;
    console.error(`failed: ${data.name}`);
    process.exitCode = 1;
  }
  return names;
}

const names = await passed();
console.log(compatTable((name) => names.has(name)));
if (process.argv.includes("--write")) {
  if (process.exitCode) throw new TypeError("the page is written of a suite that passes");
  await writeFile(
    join(ROOT, "docs/compat.md"),
    compatPage((name) => names.has(name)),
  );
}
