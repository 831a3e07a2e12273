// The process: arguments, environment, signals, exit code. Everything else is in app.ts.

import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import type { App } from "./app.ts";

type Vars = Readonly<Record<string, string | undefined>>;

enableCompileCache();
const { parseCommandLine, usage } = await import("./config/flags.ts");
const { BrokerError } = await import("./core/errors.ts");
const { VERSION } = await import("./generated/methods.ts");

try {
  const line = parseCommandLine(process.argv.slice(2), process.env);
  switch (line.command) {
    case "help":
      process.stdout.write(usage());
      break;
    case "version":
      process.stdout.write(`${VERSION}\n`);
      break;
    case "mcp-server":
      await serveBundled(line.server, line.vars);
      break;
    case "serve":
      await serve(line.vars);
      break;
    case "mcp":
      await serveMcp(line.vars);
  }
} catch (cause) {
  if (!(cause instanceof BrokerError)) throw cause;
  process.stderr.write(`aibroker: ${cause.message}\n`);
  process.exitCode = 1;
}

async function serveBundled(server: string, vars: Vars): Promise<void> {
  const { readVendorVars } = await import("./config/vendor.ts");
  const bundled = await import("./mcp/bundled/serve.ts");
  await bundled.serveBundled(server, {
    version: VERSION,
    access: readVendorVars(vars, server),
    warn: (text) => process.stderr.write(`aibroker: ${text}\n`),
  });
}

async function serve(vars: Vars): Promise<void> {
  const app = await open(vars, true);
  endOnSignals(app);
  process.on("SIGHUP", () => app.reload());
  process.stdout.write(app.banner()); // last: who reads it may send a signal at once
}

/** Standard output belongs to the protocol, and the process to whoever holds standard input. */
async function serveMcp(vars: Vars): Promise<void> {
  const app = await open(vars, false);
  endOnSignals(app);
  await app.serveMcp(process.stdin, process.stdout);
  await end(app);
}

async function open(vars: Vars, listens: boolean): Promise<App> {
  const { createApp } = await import("./app.ts");
  const app = await createApp(vars, { pid: process.pid, node: process.version, isAlive }, { listens });
  process.on("uncaughtExceptionMonitor", (bug) => app.crashed(bug)); // node then tells it too, and ends with 1
  return app;
}

function endOnSignals(app: App): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1); // the second signal does not wait
    stopping = true;
    await end(app);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

async function end(app: App): Promise<void> {
  await app.stop();
  process.exit(0);
}

/** A process that has ended but that nobody has asked after (a zombie, where Linux tells) is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return true;
  }
}
