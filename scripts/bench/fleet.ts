// The servers of one run: started when first needed, pinned, each in a process of its own, all ended with the run.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { peerFolder } from "./baselines/peer.ts";
import { DRIVER_CORE, type Running, SERVER_CORE, start } from "./proc.ts";
import type { GroupName, TargetName } from "./rows.ts";
import { callOnce, giveKey, ledgerRows, type Subject, startSubject } from "./subject.ts";
import { freePort, NotInstalled, type Target, untilReady } from "./target.ts";

const BASELINES = join(import.meta.dirname, "baselines");
const PEERS: Partial<Record<TargetName, string[]>> = {
  portkey: ["@portkey-ai/gateway"],
  "jayson-tcp": ["jayson"],
  "vscode-jsonrpc": ["vscode-jsonrpc"],
  "fastify-json-rpc": ["fastify", "json-rpc-2.0"],
};
const ON_SOCKET: readonly TargetName[] = ["net-ndjson", "jayson-tcp", "vscode-jsonrpc"];
const FOR_CHAT: readonly TargetName[] = ["raw-http", "raw-undici"];

/** Stands for models.list when no broker answers it. */
const model = { object: "model", created: 1763683200, owned_by: "openai", tier: "standard", context_window: 128000 };
const STAND_IN_RESULT = { object: "list", data: Array.from({ length: 9 }, (_, n) => ({ id: `mock-${n}`, ...model })) };

export class Fleet {
  /** Remarks on the conditions, printed under the table. */
  readonly remarks: string[] = [];
  private readonly folder: string;
  private readonly standIn: boolean;
  private readonly kept = new Map<string, Promise<Target>>();
  private readonly started = new Set<Target>();
  private mockPort = 0;
  private resultFile = "";
  private sockets = 0;

  constructor(folder: string, standIn: boolean) {
    this.folder = folder;
    this.standIn = standIn;
  }

  /** Starts the mock upstream; everything else needs it. */
  async open(): Promise<void> {
    const mock = this.node("mock-upstream", [join(import.meta.dirname, "mock-upstream.ts")], DRIVER_CORE);
    this.mockPort = await announcedPort(mock);
  }

  /** The shared, ready instance of a target. */
  get(name: TargetName, group: GroupName): Promise<Target> {
    const real = this.real(name, group);
    const key = real === name ? name : `stand-in ${real}`;
    const found = this.kept.get(key) ?? this.fresh(name, group, true);
    this.kept.set(key, found);
    return found;
  }

  /** A new instance; unless `wait`, it may not listen yet. */
  async fresh(name: TargetName, group: GroupName, wait: boolean): Promise<Target> {
    const real = this.real(name, group);
    for (const peer of PEERS[real] ?? [])
      if (peerFolder(peer) === null) throw new NotInstalled(`${peer} is not installed`);
    if (real === "direct") return this.direct();
    if (real === "portkey") return this.portkey(wait);
    if (real === "subject") return this.subject(wait);
    return this.baseline(real, name);
  }

  private real(name: TargetName, group: GroupName): TargetName {
    if (!this.standIn || name !== "subject") return name;
    if (group === "rpc-http") return "http-raw";
    return group === "rpc-unix" || group === "rpc-pipelined" ? "net-ndjson" : "raw-undici";
  }

  private node(name: string, args: string[], core: number): Running {
    const env = { BENCH_PEERS: process.env.BENCH_PEERS ?? "", NODE_ENV: "production" };
    const announces = name !== "portkey";
    return start({
      name,
      command: process.execPath,
      args,
      env,
      core,
      logFile: join(this.folder, `${name}.log`),
      announces,
    });
  }

  private track<T extends Target>(target: T): T {
    this.started.add(target);
    return target;
  }

  private direct(): Target {
    const nothing = { pid: null, startedAt: 0, socketPath: "", headers: [], ended: () => null, stop: async () => {} };
    return { name: "direct", port: this.mockPort, framing: "line", readyPath: null, ...nothing };
  }

  private async baseline(real: TargetName, name: TargetName): Promise<Target> {
    const socketPath = ON_SOCKET.includes(real) ? join(this.folder, `${real}-${this.sockets++}.sock`) : "";
    const input = FOR_CHAT.includes(real) ? String(this.mockPort) : await this.result();
    const startedAt = performance.now();
    const running = this.node(real, [join(BASELINES, `${real}.ts`), input, socketPath], SERVER_CORE);
    const { pid, ended, stop } = running;
    const port = await announcedPort(running);
    const framing = real === "vscode-jsonrpc" ? "length" : "line";
    const where = { port, socketPath, framing, readyPath: null } as const;
    return this.track({ name, pid, startedAt, ...where, headers: [], ended, stop });
  }

  /** Portkey 1.15 fails every stream (`immutable`, its issue 1389) beside an @hono/node-server above 1.14.1. */
  private async portkey(wait: boolean): Promise<Target> {
    const port = await freePort();
    const entry = join(peerFolder("@portkey-ai/gateway") ?? "", "build", "start-server.js");
    const startedAt = performance.now();
    const preload = join(BASELINES, "loopback-only.ts");
    const { pid, ended, stop } = this.node(
      "portkey",
      ["--import", preload, entry, `--port=${port}`, "--headless"],
      SERVER_CORE,
    );
    const headers = [
      "authorization: Bearer sk-bench",
      "x-portkey-provider: openai",
      `x-portkey-custom-host: http://127.0.0.1:${this.mockPort}/v1`,
    ];
    const target: Target = {
      name: "portkey",
      pid,
      startedAt,
      port,
      socketPath: "",
      headers,
      framing: "line",
      readyPath: "/",
      ended,
      stop,
    };
    this.track(target);
    if (wait) await untilReady(target, 20_000);
    return target;
  }

  private async subject(wait: boolean): Promise<Subject> {
    const subject = this.track(await startSubject(this.folder, this.mockPort));
    if (!wait) return subject;
    await untilReady(subject, 20_000);
    const refusal = await giveKey(subject).catch((error: Error) => error.message);
    if (refusal !== null) this.remarks.push(`no key could be made, the key check is NOT in these figures: ${refusal}`);
    return subject;
  }

  /** The file with the subject's own models.list result. */
  private async result(): Promise<string> {
    if (this.resultFile !== "") return this.resultFile;
    let result: unknown = STAND_IN_RESULT;
    if (!this.standIn) {
      const subject = await this.get("subject", "rpc-unix");
      result = (await callOnce(subject.socketPath, "models.list", {})).result;
    }
    const text = JSON.stringify(result);
    this.remarks.push(`models.list answers ${Buffer.byteLength(text)} bytes`);
    this.resultFile = join(this.folder, "models-list.json");
    writeFileSync(this.resultFile, text);
    return this.resultFile;
  }

  /** Stops everything; compares the shared subject's durable ledger with the answers its callers had. */
  async close(answers: number): Promise<string | null> {
    const subject = this.standIn ? null : await this.kept.get("subject")?.catch(() => null);
    await Promise.all([...this.started].map((target) => target.stop()));
    if (!subject || answers === 0) return null;
    const rows = ledgerRows((subject as Subject).dataDir);
    this.remarks.push(`durable ledger: ${rows} priced rows for ${answers} answers`);
    return rows < answers ? `the ledger lacks ${answers - rows} of ${answers} rows` : null;
  }
}

async function announcedPort(running: Running): Promise<number> {
  return (JSON.parse(await running.firstLine) as { port: number }).port;
}
