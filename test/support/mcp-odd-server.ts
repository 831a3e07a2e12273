// An MCP server of the older era over stdio, written out by hand, so that it can do what no SDK would: end at a request that
// it does not know, fail its first lists, answer without end. Options come as JSON in its first argument.

import { appendFileSync, existsSync, writeFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";

interface Options {
  /** Ends at requests that it doesn't know, as old servers do. */
  readonly strict?: boolean;
  /** Stays when its input closes, and at SIGTERM. */
  readonly stubborn?: boolean;
  /** tools/list fails while this file is not there. */
  readonly listsWith?: string;
  /** Calls end the process until this file is there, which the first one makes. */
  readonly diesOnce?: string;
  /** Never answers `initialize`. */
  readonly mute?: boolean;
  /** Pages of tools; 0: without end. */
  readonly pages?: number;
  /** Has a tool that runs as a task only. */
  readonly tasks?: boolean;
  /** Each start is a line in it. */
  readonly starts?: string;
  readonly words?: string;
  /** On standard error, when it ends. */
  readonly lastWords?: string;
  /** Lines that come before the answer of each call. */
  readonly noise?: readonly string[];
  /** What every call answers, as JSON text. */
  readonly result?: string;
}

type Message = { id?: number | string; method?: string; params?: Record<string, unknown>; result?: object };

const options: Options = JSON.parse(process.argv[2] ?? "{}");
const cancelled: unknown[] = [];
const waiting = new Map<unknown, (message: Message) => void>();
let count = 0;
let asked = 0;
let extra: string[] = [];
const TASK = { name: "research", inputSchema: { type: "object" }, execution: { taskSupport: "required" } };

if (options.starts !== undefined) appendFileSync(options.starts, `${process.pid}\n`);
if (options.words !== undefined) process.stderr.write(`${options.words}\n`);
if (options.lastWords !== undefined) process.on("exit", () => writeSync(2, `${options.lastWords}\n`));
if (options.stubborn) {
  setInterval(() => {}, 1000);
  process.on("SIGTERM", () => {});
}

function send(...messages: object[]): void {
  process.stdout.write(messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join(""));
}

const text = (value: unknown): object => ({ content: [{ type: "text", text: String(value) }] });
const object = { type: "object" };
const TOOLS = [
  { name: "count", inputSchema: object },
  { name: "wait", inputSchema: { type: "object", properties: { ms: { type: "integer" } } } },
  { name: "cancelled", inputSchema: object },
  { name: "die", inputSchema: object },
  { name: "die-readonly", inputSchema: object, annotations: { readOnlyHint: true } },
  { name: "big", inputSchema: { type: "object", properties: { bytes: { type: "integer" } }, required: ["bytes"] } },
  { name: "refuse", inputSchema: object },
  { name: "tell", inputSchema: object },
  { name: "ask", inputSchema: object },
  { name: "grow", inputSchema: object },
  { name: "env", inputSchema: object },
  {
    name: "echo",
    inputSchema: { type: "object", properties: { text: { type: "string" } }, additionalProperties: false },
  },
];

function call(id: Message["id"], name: unknown, args: Record<string, unknown>, meta: Record<string, unknown>): unknown {
  const answer = (result: object): void => send({ id, result });
  const token = { progressToken: meta.progressToken };
  switch (name) {
    case "count":
      return answer(text(++count));
    case "cancelled":
      return answer(text(JSON.stringify(cancelled)));
    case "wait":
      if (args.every !== undefined) {
        const tell = (): void => send({ method: "notifications/progress", params: { ...token, progress: ++count } });
        setInterval(tell, Number(args.every)).unref();
      }
      setTimeout(() => answer(text("waited")), Number(args.ms ?? 60_000)).unref();
      return;
    case "die":
      process.exit(3);
      break;
    case "die-readonly":
      if (options.diesOnce !== undefined && existsSync(options.diesOnce)) return answer(text("again"));
      writeFileSync(options.diesOnce ?? "", "");
      process.exit(3);
      break;
    case "big":
      return answer(text("x".repeat(Number(args.bytes))));
    case "refuse":
      return send({
        id,
        error: { code: -32_050, message: `not today ${process.env.TOKEN ?? ""}`, data: { why: "tired" } },
      });
    case "tell":
      // All in one piece: nothing of it may be lost or come late.
      return send(
        { method: "notifications/progress", params: { ...token, progress: 1, total: 2, message: "half" } },
        { method: "notifications/message", params: { level: "info", data: "working" } },
        { method: "notifications/progress", params: { ...token, progress: 2, total: 2 } },
        { id, result: text("told") },
      );
    case "ask": {
      const own = `ask-${++asked}`;
      waiting.set(own, (message) => answer(text(JSON.stringify(message.result ?? message))));
      return send({ id: own, method: "sampling/createMessage", params: { messages: [], maxTokens: 5 } });
    }
    case "grow":
      extra = [...extra, `extra-${extra.length + 1}`];
      send({ method: "notifications/tools/list_changed" });
      return answer(text("grown"));
    case "env":
      return answer(text(JSON.stringify(Object.keys(process.env).sort())));
    default:
      return answer({ ...text(`${name}: ${JSON.stringify(args)}`), structuredContent: args });
  }
}

/** The only tool that is a task; it does not end where its arguments say so. */
function begin(id: Message["id"], { task, arguments: args, _meta }: Record<string, unknown>): unknown {
  if (task === undefined) return send({ id, error: { code: -32_601, message: "only as a task" } });
  const taskId = (args as { hold?: boolean }).hold ? "task-hold" : "task-1";
  const now = new Date().toISOString();
  const status = { taskId, status: "working", ttl: 1000, createdAt: now, lastUpdatedAt: now };
  send({ id, result: { task: status } });
  const { progressToken } = _meta as { progressToken: unknown };
  send({ method: "notifications/tasks/status", params: { ...status, statusMessage: "reading" } });
  return send({ method: "notifications/progress", params: { progressToken, progress: 2 } });
}

function list(id: Message["id"], cursor: unknown): unknown {
  if (options.listsWith !== undefined && !existsSync(options.listsWith)) {
    return send({ id, error: { code: -32_603, message: "no tools yet" } });
  }
  const more = extra.map((name) => ({ name, inputSchema: object }));
  const { pages } = options;
  if (pages === undefined)
    return send({ id, result: { tools: [...TOOLS, ...(options.tasks ? [TASK] : []), ...more] } });
  const page = Number(cursor ?? 0);
  const last = pages > 0 && page === pages - 1;
  const tools = [{ name: `tool-${page}`, inputSchema: object }];
  return send({ id, result: { tools, ...(last ? {} : { nextCursor: String(page + 1) }) } });
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const message: Message = JSON.parse(line);
  const { id, method, params = {} } = message;
  if (method === undefined) return waiting.get(id)?.(message);
  switch (method) {
    case "initialize":
      if (options.mute) return;
      return send({
        id,
        result: {
          protocolVersion: "2025-11-25",
          capabilities: { tools: { listChanged: true }, logging: {} },
          serverInfo: { name: "odd", version: "1" },
        },
      });
    case "ping":
      return send({ id, result: {} });
    case "tools/list":
      return list(id, params.cursor);
    case "tools/call":
      if (params.name === "research") return begin(id, params);
      for (const noise of options.noise ?? []) process.stdout.write(`${noise}\n`);
      if (options.result !== undefined) {
        process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${options.result}}\n`);
        return;
      }
      return call(id, params.name, (params.arguments ?? {}) as never, (params._meta ?? {}) as never);
    case "tasks/result":
      if (params.taskId !== "task-hold") send({ id, result: text(`done ${params.taskId}`) });
      return;
    case "tasks/cancel":
      cancelled.push(params.taskId);
      return send({ id, result: { taskId: params.taskId, status: "cancelled" } });
    case "notifications/cancelled":
      cancelled.push(params.requestId);
      return;
    default:
      if (id === undefined) return;
      if (options.strict) process.exit(9);
      send({ id, error: { code: -32_601, message: "Method not found" } });
  }
});
