// Load of JSON-RPC calls over a Unix socket, each connection with a number of calls in flight.
// The first answer is parsed and looked into; each later one must be the same bytes but for an id that is in flight.
// Bytes that differ are parsed: another member order is right, an error or a foreign id is a failure.

import { connect } from "node:net";
import { FailureCount, type Sample, sampleOf, sleep } from "./sample.ts";
import { Window } from "./window.ts";

export interface RpcLoad {
  socketPath: string;
  pid: number;
  method: string;
  framing: "line" | "length";
  connections: number;
  /** Calls in flight on each connection. */
  depth: number;
  warmMs: number;
  windowMs: number;
}

/** Ids have seven digits, so that all answers are equally long. */
const FIRST_ID = 1_000_000;
const ID_DIGITS = 7;
const HEADER_END = Buffer.from("\r\n\r\n");
const NEWLINE = 10;
const ZERO = 48;

/** What a right answer looks like, learnt from the first one. */
class Expected {
  private before: Buffer | null = null;
  private after: Buffer = Buffer.alloc(0);

  /** The id the bytes [from, to) answer, or what is wrong with them. */
  read(bytes: Buffer, from: number, to: number): number | string {
    const { before, after } = this;
    if (before === null) return this.learn(bytes.subarray(from, to));
    const idAt = from + before.length;
    const same =
      to - idAt === ID_DIGITS + after.length &&
      bytes.compare(before, 0, before.length, from, idAt) === 0 &&
      bytes.compare(after, 0, after.length, idAt + ID_DIGITS, to) === 0;
    if (!same) return idOf(bytes.subarray(from, to));
    let id = 0;
    for (let i = idAt; i < idAt + ID_DIGITS; i++) id = id * 10 + (bytes[i] ?? 0) - ZERO;
    return id;
  }

  private learn(answer: Buffer): number | string {
    const id = idOf(answer);
    if (typeof id === "string") return id;
    const at = answer.indexOf(`"id":${id}`) + 5;
    this.before = Buffer.from(answer.subarray(0, at));
    this.after = Buffer.from(answer.subarray(at + ID_DIGITS));
    return id;
  }
}

function idOf(answer: Buffer): number | string {
  const text = answer.toString("utf8");
  try {
    const { id, result } = JSON.parse(text) as { id?: unknown; result?: { data?: unknown } };
    if (typeof id === "number" && Array.isArray(result?.data)) return id;
  } catch {
    // Told below with the rest.
  }
  return `not a right answer: ${text.slice(0, 200)}`;
}

class RpcCaller {
  answers = 0;
  running = true;
  readonly inFlight = new Set<number>();
  private readonly load: RpcLoad;
  private readonly failures: FailureCount;
  private readonly expected: Expected;
  private readonly socket;
  private nextId = FIRST_ID;
  private tail: Buffer | null = null;

  constructor(load: RpcLoad, failures: FailureCount, expected: Expected) {
    this.load = load;
    this.failures = failures;
    this.expected = expected;
    const buffer = Buffer.allocUnsafe(256 * 1024);
    const callback = (count: number): boolean => {
      this.feed(buffer.subarray(0, count));
      return true;
    };
    this.socket = connect({ path: load.socketPath, onread: { buffer, callback } });
    this.socket.on("error", (error) => this.lost(error.message));
    this.socket.on("close", () => this.lost("the connection was closed"));
    this.ask(load.depth);
  }

  private lost(why: string): void {
    if (this.inFlight.size > 0) this.failures.add(why);
    this.running = false;
    this.inFlight.clear();
  }

  private ask(count: number): void {
    let requests = "";
    for (let i = 0; i < count; i++) {
      const id = this.nextId++;
      if (this.nextId === FIRST_ID * 10) this.nextId = FIRST_ID;
      this.inFlight.add(id);
      const request = `{"jsonrpc":"2.0","id":${id},"method":"${this.load.method}","params":{}}`;
      requests += this.load.framing === "line" ? `${request}\n` : `Content-Length: ${request.length}\r\n\r\n${request}`;
    }
    this.socket.write(requests, "latin1");
  }

  private feed(read: Buffer): void {
    const bytes = this.tail === null ? read : Buffer.concat([this.tail, read]);
    const before = this.answers;
    const used = this.load.framing === "line" ? this.lines(bytes) : this.lengths(bytes);
    this.tail = used < bytes.length ? Buffer.from(bytes.subarray(used)) : null;
    const answered = this.answers - before;
    if (answered > 0 && this.running && !this.failures.givenUp) this.ask(answered);
  }

  private lines(bytes: Buffer): number {
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      this.answer(bytes, at, end);
      at = end + 1;
    }
    return at;
  }

  private lengths(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const end = bytes.indexOf(HEADER_END, at);
      if (end < 0) return at;
      const length = Number(/content-length: *(\d+)/i.exec(bytes.toString("latin1", at, end))?.[1]);
      const body = end + HEADER_END.length;
      if (Number.isNaN(length) || body + length > bytes.length) return at;
      this.answer(bytes, body, body + length);
      at = body + length;
    }
  }

  private answer(bytes: Buffer, from: number, to: number): void {
    const id = this.expected.read(bytes, from, to);
    this.answers++;
    if (typeof id === "string") this.failures.add(id);
    else if (!this.inFlight.delete(id)) this.failures.add(`an answer to ${id}, which was not asked`);
  }

  close(): void {
    this.inFlight.clear();
    this.socket.destroy();
  }
}

/** rate and cpuUs of calls over `connections` sockets, `depth` in flight on each. */
export async function rpcLoop(load: RpcLoad): Promise<Sample> {
  const failures = new FailureCount();
  const expected = new Expected();
  const callers = Array.from({ length: load.connections }, () => new RpcCaller(load, failures, expected));
  const answers = (): number => callers.reduce((sum, caller) => sum + caller.answers, 0);
  await sleep(load.warmMs);
  const window = new Window(load.pid, answers());
  await sleep(load.windowMs);
  const measured = window.close(answers());
  for (const caller of callers) caller.running = false;
  for (let waited = 0; waited < 3000 && callers.some((caller) => caller.inFlight.size > 0); waited += 5) await sleep(5);
  const missing = callers.reduce((sum, caller) => sum + caller.inFlight.size, 0);
  if (missing > 0) failures.add(`${missing} answers never came`);
  for (const caller of callers) caller.close();
  const metrics = { rate: measured.rate, cpuUs: measured.cpuUs };
  return { ...sampleOf(answers(), failures), busy: measured.busy, metrics };
}
