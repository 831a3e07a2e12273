// Makes a fresh clone ready: installs the locked dependencies (the pinned Node 24 is one of them) and brings generated
// code up to date. Plain JavaScript, because it is all that runs under the machine's own, perhaps older, Node.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
const stamp = join(root, "node_modules/.installed");
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

function run(command, args) {
  const path = `${join(root, "node_modules/.bin")}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}`;
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, PATH: path } });
  if (status !== 0) {
    console.error(`setup: \`${command} ${args.join(" ")}\` failed`);
    process.exit(status ?? 1);
  }
}

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("setup: installing dependencies ...");
  // Native parts come ready-made inside their packages; only the pinned Node fetches its own. Other scripts would want a
  // compiler and headers that this machine need not have.
  run("npm", ["ci", "--loglevel=error", "--ignore-scripts"]);
  run("npm", ["rebuild", "node", "--loglevel=error", "--ignore-scripts=false"]);
  writeFileSync(stamp, lock);
}
const generated = join(root, "src/generated/methods.ts");
const fresh = existsSync(generated) && statSync(generated).mtimeMs >= statSync(join(root, "openrpc.json")).mtimeMs;
if (!fresh && process.argv.includes("--generate")) run("node", ["scripts/generate.ts"]);
