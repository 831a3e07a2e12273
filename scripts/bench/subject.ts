// The server under test: the broker with everything on, in a data folder of its own.
// A key is made for the load, so that key check, budget and limits are passed on every request; afterwards the durable
// ledger must have a row for every answer.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import Database from "better-sqlite3";
import { SERVER_CORE, start } from "./proc.ts";
import { freePort, type Target } from "./target.ts";

const ROOT = resolve(import.meta.dirname, "../..");

const model = (name: string, input: number, output: number): string =>
  `  ${name}: { display_name: "${name}", tier: standard, capabilities: [streaming], context_window: 128000, ` +
  `backends: [ { provider: openai, model_id: ${name}, priority: 1, input_cost: ${input}, output_cost: ${output} } ] }`;

/** Three models: models.list then answers about 1 KB. */
const CONFIG = [
  "version: 1",
  "models:",
  model("mock", 2.5, 10),
  model("mock-small", 0.5, 2),
  model("mock-large", 10, 40),
  "",
].join("\n");

export interface Subject extends Target {
  dataDir: string;
}

/** `more`: further variables. */
export async function startSubject(
  folder: string,
  mockPort: number,
  more: Readonly<Record<string, string>> = {},
): Promise<Subject> {
  const home = mkdtempSync(join(folder, "broker-"));
  const dataDir = join(home, "data");
  mkdirSync(dataDir);
  writeFileSync(join(home, "models.yml"), CONFIG);
  const port = await freePort();
  const socketPath = join(home, "broker.sock");
  const startedAt = performance.now();
  const running = start({
    name: "the broker",
    command: process.execPath,
    args: ["--import", "./scripts/compile-cache.mjs", "src/main.ts", "serve"], // as `npm start` does
    cwd: ROOT,
    env: {
      HOST: "127.0.0.1",
      PORT: String(port),
      SOCKET_PATH: socketPath,
      DATA_DIR: dataDir,
      MODELS_CONFIG_PATH: join(home, "models.yml"),
      OPENAI_API_KEY: "sk-bench",
      OPENAI_BASE_URL: `http://127.0.0.1:${mockPort}/v1`,
      LOG_LEVEL: "info",
      ...more,
    },
    core: SERVER_CORE,
    logFile: join(folder, "subject.log"),
    announces: false,
  });
  const { pid, ended, stop } = running;
  const headers = ["authorization: Bearer sk-bench"];
  const where = { port, socketPath, framing: "line", readyPath: "/health" } as const;
  return { name: "subject", pid, startedAt, ...where, headers, ended, stop, dataDir };
}

/** One call over the Unix socket: the reply, parsed. */
export function callOnce(socketPath: string, method: string, params: object): Promise<Record<string, unknown>> {
  return new Promise((done, reject) => {
    const socket = connect(socketPath);
    let text = "";
    socket.setEncoding("utf8");
    socket.setTimeout(5000, () => socket.destroy(new Error(`no answer to ${method}`)));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error(`no answer to ${method}`)));
    socket.on("data", (part: string) => {
      text += part;
      if (!text.includes("\n")) return;
      done(JSON.parse(text) as Record<string, unknown>);
      socket.destroy();
    });
    socket.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })}\n`);
  });
}

function findSecret(value: unknown): string | null {
  if (typeof value === "string") return value.startsWith("sk-ab-") ? value : null;
  if (typeof value !== "object" || value === null) return null;
  for (const member of Object.values(value)) {
    const found = findSecret(member);
    if (found !== null) return found;
  }
  return null;
}

/** Gives the subject's callers a key of its own. The reason when it made none: its key check is then not measured. */
export async function giveKey(subject: Subject): Promise<string | null> {
  const reply = await callOnce(subject.socketPath, "keys.create", { name: "bench" });
  const secret = findSecret(reply.result);
  if (secret === null) return JSON.stringify(reply.error ?? reply).slice(0, 200);
  subject.headers = [`authorization: Bearer ${secret}`];
  return null;
}

/** Priced rows of good requests in a data folder whose broker has stopped. */
export function ledgerRows(dataDir: string): number {
  const database = new Database(join(dataDir, "requests.db"), { readonly: true });
  try {
    const row = database
      .prepare("SELECT count(*) AS n FROM request_logs WHERE status = 'ok' AND cost_nano_usd > 0")
      .get() as { n: number };
    return row.n;
  } finally {
    database.close();
  }
}
