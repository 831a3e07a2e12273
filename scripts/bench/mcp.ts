// npm run bench -- --mcp: tool calls through the broker against the SDK's own direct calls of the same server, over stdio and
// over HTTP, and the list of 20 servers' 500 tools. The broker (with the servers it starts) has one core, the rest the other.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { connect, type RpcConnection } from "../../src/rpc/client.ts";
import { cpuUs, DRIVER_CORE, pinned, pinSelf, start } from "./proc.ts";
import { median, percentile, sleep } from "./sample.ts";
import { callOnce, startSubject } from "./subject.ts";

const SERVER = join(import.meta.dirname, "baselines/mcp-server.ts");
const ROUNDS = 3;
/** Calls one after the other, for the delay. */
const SINGLES = 400;
/** Lanes and milliseconds, for the rate. */
const LANES = 16;
const WINDOW_MS = 1500;
const MANY = { servers: 20, tools: 25 } as const;
const READY_MS = 20_000;

const ADDED_MS = 0.5;
const RATE = 2000;
const SHARE = 0.7;
const LIST_MS = 5;

type Transport = "stdio" | "http";
type CallOnce = () => Promise<unknown>;

interface Figure {
  /** Milliseconds. */
  readonly p50: number;
  /** Calls a second. */
  readonly rate: number;
  /** Calls a second of the broker's own CPU time; 0 where nobody counts it. */
  readonly perCore: number;
}

/** Prints the table; true when every bar holds. */
export async function benchMcp(say: (text: string) => void): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "mcp-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const logFile = join(folder, "servers.log");
  const upstream = start({
    ...{ name: "mcp-server", command: process.execPath, args: [SERVER, "http", "1"] },
    ...{ core: DRIVER_CORE, logFile, announces: true },
  });
  const url = `http://127.0.0.1:${JSON.parse(await upstream.firstLine).port}/mcp`;
  const config = join(folder, "mcp.json");
  writeFileSync(config, JSON.stringify({ mcpServers: serversOf(url) }));
  const subject = await startSubject(folder, 1, { MCP_CONFIG_PATH: config });
  pinSelf();
  try {
    await ready(subject.socketPath);
    const rpc = await connect({ path: subject.socketPath });
    const direct = { stdio: await directClient("stdio", url), http: await directClient("http", url) };
    say("measuring ...");
    const rows = [];
    for (const transport of ["stdio", "http"] as const) {
      rows.push(await compare(transport, direct[transport], rpc, subject.pid ?? 0));
    }
    const listMs = await delays(() => rpc.call("mcp.tools.list", {}), 100);
    for (const client of Object.values(direct)) await client.close();
    rpc.close();
    return print(rows, percentile(listMs, 0.5));
  } finally {
    await subject.stop();
    await upstream.stop();
  }
}

function serversOf(url: string): Record<string, object> {
  const stdio = (tools: number): object => ({ command: process.execPath, args: [SERVER, "stdio", String(tools)] });
  const many = Array.from({ length: MANY.servers }, (_, n) => [`many${n}`, stdio(MANY.tools)]);
  return { stdio: stdio(1), http: { url, transport: "http" }, ...Object.fromEntries(many) };
}

/** All tools are listed. */
async function ready(socketPath: string): Promise<void> {
  const tools = MANY.servers * MANY.tools + 2;
  for (const until = performance.now() + READY_MS; performance.now() < until; await sleep(100)) {
    const reply = await callOnce(socketPath, "mcp.tools.list", {}).catch(() => ({}));
    const listed = (reply as { result?: { tools: unknown[] } }).result?.tools.length;
    if (listed === tools) return;
  }
  throw new Error(`the broker did not list ${tools} tools within ${READY_MS / 1000} s`);
}

async function directClient(transport: Transport, url: string): Promise<Client> {
  const client = new Client({ name: "bench", version: "1.0.0" });
  const args = [SERVER, "stdio", "1"];
  await client.connect(
    transport === "stdio"
      ? new StdioClientTransport({ command: process.execPath, args })
      : new StreamableHTTPClientTransport(new URL(url)),
  );
  return client;
}

async function compare(transport: Transport, client: Client, rpc: RpcConnection, pid: number) {
  const text = "x".repeat(200);
  const check = (result: unknown): void => {
    const [part] = (result as { content: { text?: string }[] }).content;
    if (part?.text !== text) throw new Error(`not the echo: ${JSON.stringify(result).slice(0, 200)}`);
  };
  const direct: CallOnce = async () => check(await client.callTool({ name: "echo0", arguments: { text } }));
  const through: CallOnce = async () =>
    check(await rpc.call("mcp.tools.call", { name: `${transport}__echo0`, arguments: { text } }));
  const rounds: { direct: Figure; broker: Figure }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ direct: await measure(direct, undefined), broker: await measure(through, pid) });
  }
  const of = (pick: (round: { direct: Figure; broker: Figure }) => number): number => median(rounds.map(pick));
  return {
    transport,
    directP50: of((round) => round.direct.p50),
    added: of((round) => round.broker.p50 - round.direct.p50),
    directRate: of((round) => round.direct.rate),
    rate: of((round) => round.broker.rate),
    perCore: of((round) => round.broker.perCore),
  };
}

async function delays(call: CallOnce, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const begun = performance.now();
    await call();
    times.push(performance.now() - begun);
  }
  return times;
}

async function measure(call: CallOnce, pid: number | undefined): Promise<Figure> {
  await delays(call, 50);
  const p50 = percentile(await delays(call, SINGLES), 0.5);
  const cpu = pid === undefined ? 0 : cpuUs(pid);
  const begun = performance.now();
  const until = begun + WINDOW_MS;
  let calls = 0;
  const lane = async (): Promise<void> => {
    for (; performance.now() < until; calls++) await call();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const seconds = (performance.now() - begun) / 1000;
  const cpuSeconds = pid === undefined ? 0 : (cpuUs(pid) - cpu) / 1e6;
  return { p50, rate: calls / seconds, perCore: cpuSeconds > 0 ? calls / cpuSeconds : 0 };
}

function print(rows: readonly Awaited<ReturnType<typeof compare>>[], listMs: number): boolean {
  let held = true;
  const verdict = (ok: boolean): string => {
    if (!ok) held = false;
    return ok ? "ok" : "SHORT";
  };
  const lines = rows.flatMap(({ transport, directP50, added, directRate, rate, perCore }) => {
    const bar = Math.min(RATE, SHARE * directRate);
    return [
      `${transport}: added p50 ${added.toFixed(3)} ms to ${directP50.toFixed(3)} (bar ${ADDED_MS})  ${verdict(added <= ADDED_MS)}`,
      `${transport}: ${Math.round(rate)} calls/s of ${Math.round(directRate)} direct, ${Math.round(perCore)} a core of broker and servers (bar ${Math.round(bar)})  ${verdict(Math.max(rate, perCore) >= bar)}`,
    ];
  });
  lines.push(
    `mcp.tools.list, ${MANY.servers} servers, ${MANY.servers * MANY.tools} tools: p50 ${listMs.toFixed(2)} ms (bar ${LIST_MS})  ${verdict(listMs <= LIST_MS)}`,
  );
  const place = pinned
    ? "broker and the servers it starts on one core, driver and HTTP server on the other"
    : "NOT PINNED";
  process.stdout.write(`${lines.join("\n")}\n\nnode ${process.version}, medians of ${ROUNDS} rounds; ${place}\n`);
  return held;
}
