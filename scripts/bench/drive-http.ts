// Load of plain requests: closed loop (each connection sends again when it has its answer) and open loop (a fixed rate,
// whatever the answers do). Every answer is checked; a wrong one is a failure.

import { performance } from "node:perf_hooks";
import { ConnectionPool, type HttpConnection } from "./connection.ts";
import type { HttpSink } from "./http-wire.ts";
import { FailureCount, percentile, type Sample, sampleOf, sleep } from "./sample.ts";
import { Window } from "./window.ts";

/** null when the answer is right, or what is wrong with it. `body` is valid during the call only. */
export type Check = (status: number, body: Buffer) => string | null;

export interface HttpLoad {
  port: number;
  /** The server under test; null where its CPU time is not wanted. */
  pid: number | null;
  request: Buffer;
  check: Check;
  warmMs: number;
  windowMs: number;
}

/** Longest wait for answers still open when a window has ended. */
const DRAIN_MS = 3000;

/** One connection's exchange after exchange: collects an answer, checks it, tells its owner. */
class Exchange implements HttpSink {
  readonly connection: HttpConnection;
  sentAt = 0;
  private status = 0;
  private length = 0;
  private buffer = Buffer.allocUnsafe(16 * 1024);
  private readonly check: Check;
  private readonly done: (exchange: Exchange, wrong: string | null) => void;

  constructor(connection: HttpConnection, check: Check, done: (exchange: Exchange, wrong: string | null) => void) {
    this.connection = connection;
    this.check = check;
    this.done = done;
  }

  send(request: Buffer): void {
    this.length = 0;
    this.sentAt = performance.now();
    this.connection.send(request, this);
  }

  head(status: number): void {
    this.status = status;
  }

  body(bytes: Buffer): void {
    if (this.length + bytes.length > this.buffer.length) {
      this.buffer = Buffer.concat([this.buffer.subarray(0, this.length), Buffer.allocUnsafe(bytes.length * 4)]);
    }
    this.length += bytes.copy(this.buffer, this.length);
  }

  end(): void {
    this.done(this, this.check(this.status, this.buffer.subarray(0, this.length)));
  }

  failed(why: string): void {
    this.done(this, why);
  }
}

/** `connections` callers that each wait for their answer before they ask again. rate, cpuUs. */
export async function closedLoop(load: HttpLoad, connections: number): Promise<Sample> {
  const failures = new FailureCount();
  const pool = new ConnectionPool(load.port, connections);
  let answers = 0;
  let open = 0;
  let running = true;
  const done = (exchange: Exchange, wrong: string | null): void => {
    if (wrong === null) answers++;
    else failures.add(wrong);
    if (running && exchange.connection.open && !failures.givenUp) exchange.send(load.request);
    else open--;
  };
  for (; open < connections; open++) new Exchange(pool.take(), load.check, done).send(load.request);
  await sleep(load.warmMs);
  const window = new Window(load.pid, answers);
  await sleep(load.windowMs);
  const measured = window.close(answers);
  running = false;
  for (const until = performance.now() + DRAIN_MS; open > 0 && performance.now() < until; ) await sleep(5);
  if (open > 0) failures.add(`${open} answers never came`);
  pool.close();
  return {
    ...sampleOf(answers, failures),
    busy: measured.busy,
    metrics: { rate: measured.rate, cpuUs: measured.cpuUs },
  };
}

/**
 * `perSecond` requests, sent when they are due by a millisecond timer, none waiting for an answer. Latency is counted
 * from the send: the timer's own lateness is the same for every target and would drown the difference. p50Us, p99Us.
 */
export async function openLoop(load: HttpLoad, perSecond: number): Promise<Sample> {
  const failures = new FailureCount();
  const pool = new ConnectionPool(load.port, 64);
  const latencies: number[] = [];
  const idle: Exchange[] = [];
  let answers = 0;
  let open = 0;
  let record = false;
  const done = (exchange: Exchange, wrong: string | null): void => {
    open--;
    if (wrong !== null) {
      failures.add(wrong);
      return;
    }
    answers++;
    if (record) latencies.push((performance.now() - exchange.sentAt) * 1000);
    idle.push(exchange);
  };
  const began = performance.now();
  const total = Math.floor(((load.warmMs + load.windowMs) / 1000) * perSecond);
  for (let sent = 0; sent < total && !failures.givenUp; ) {
    await sleep(1);
    const elapsed = performance.now() - began;
    record = elapsed >= load.warmMs;
    for (const due = Math.min(total, Math.floor((elapsed / 1000) * perSecond)); sent < due; sent++) {
      open++;
      (idle.pop() ?? new Exchange(pool.take(), load.check, done)).send(load.request);
    }
  }
  for (const until = performance.now() + DRAIN_MS; open > 0 && performance.now() < until; ) await sleep(5);
  if (open > 0) failures.add(`${open} answers never came`);
  pool.close();
  const metrics = { p50Us: percentile(latencies, 0.5), p99Us: percentile(latencies, 0.99) };
  return { ...sampleOf(answers, failures), metrics };
}
