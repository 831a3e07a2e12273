// Emits JavaScript for publishing into dist/, with the files that the code reads beside itself.

import { spawnSync } from "node:child_process";
import { cpSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./generate/document.ts";

const DATA = [
  "src/generated/validators.js",
  "src/store/migrations/*.sql",
  "src/providers/embedded/model/*",
  "openrpc.json",
  "modelsconfig.yml",
];

rmSync(join(ROOT, "dist"), { recursive: true, force: true });
const { status } = spawnSync("tsc", ["-p", "scripts/tsconfig.build.json"], { cwd: ROOT, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
for (const file of DATA.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))) {
  cpSync(join(ROOT, file), join(ROOT, "dist", file));
}
