#!/usr/bin/env node
// The `aibroker` command. Refuses a Node that is too old before anything else is loaded: the native database module
// would crash there.

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `aibroker needs Node 22.19 or newer, this is ${process.version}. Without installing one: npx -p node@24 -p aibroker aibroker serve\n`,
  );
  process.exitCode = 1;
} else {
  await import("../main.ts");
}

export {};
