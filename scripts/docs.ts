// Writes docs/errors.md from the document's catalogue and KINDS, and docs/environment.md from VARIABLES, so that neither
// page can drift. `--check` writes nothing and fails when a page is not up to date.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentPage } from "./docs/environment.ts";
import { errorsPage } from "./docs/errors.ts";
import { type Document, ROOT, readDocument } from "./generate/document.ts";

/** Every page by its path, with its text. */
export function pages(document: Document): Record<string, string> {
  return { "docs/errors.md": errorsPage(document), "docs/environment.md": environmentPage() };
}

async function main(): Promise<void> {
  await mkdir(join(ROOT, "docs"), { recursive: true });
  const check = process.argv.includes("--check");
  for (const [path, text] of Object.entries(pages(await readDocument()))) {
    const present = await readFile(join(ROOT, path), "utf8").catch(() => "");
    if (present === text) continue;
    if (check) {
      console.error(`${path} is not up to date: run \`node scripts/docs.ts\` and commit the result.`);
      process.exitCode = 1;
    } else {
      await writeFile(join(ROOT, path), text);
    }
  }
}

if (import.meta.main) await main();
