// All that `npm test` does: generated code is fresh, types, lint, then every test. Arguments are test files to run instead.

import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { ROOT } from "./generate/document.ts";

const given = process.argv.slice(2);
const files = given.length > 0 ? given : globSync("test/**/*.test.ts", { cwd: ROOT }).sort();
const steps: readonly [string, readonly string[]][] = [
  ["node", ["scripts/generate.ts", "--check"]],
  ["tsc", ["-p", "."]],
  ["biome", ["check", "--error-on-warnings"]],
  ["node", ["--test", "--test-concurrency=2", "--test-reporter=spec", ...files]],
];

for (const [command, args] of steps) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) {
    console.error(`\`${command} ${args.slice(0, 3).join(" ")}\` failed`);
    process.exit(status ?? 1);
  }
}
