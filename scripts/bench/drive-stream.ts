// Load of streams: paced (a number kept open, begun evenly in time), flooded (as fast as they come) and held (open until
// told). Every stream is checked to its end, except held ones, which must merely not have ended.

import { performance } from "node:perf_hooks";
import { ConnectionPool } from "./connection.ts";
import { FailureCount, percentile, type Sample, sampleOf, sleep } from "./sample.ts";
import { StreamCall, type StreamWatch } from "./sse-call.ts";
import { Window } from "./window.ts";

export interface StreamLoad {
  port: number;
  /** The server under test; null where its CPU time is not wanted. */
  pid: number | null;
  /** Builds the request for a stream of so many chunks, so many ms apart (0 = flood). */
  request: (chunks: number, intervalMs: number) => Buffer;
  windowMs: number;
}

export interface Pace {
  streams: number;
  chunks: number;
  intervalMs: number;
}

const DRAIN_MS = 5000;
/** Delays kept a window; more add nothing to a median. */
const MAX_DELAYS = 200_000;

class Tally implements StreamWatch {
  readonly failures = new FailureCount();
  readonly firstUs: number[] = [];
  readonly delaysUs: number[] = [];
  answers = 0;
  chunks = 0;
  open = 0;
  record = false;
  private readonly pool: ConnectionPool;
  private readonly expected: number;
  private readonly next: (() => void) | null;

  constructor(pool: ConnectionPool, expected: number, next: (() => void) | null = null) {
    this.pool = pool;
    this.expected = expected;
    this.next = next;
  }

  begin(request: Buffer): void {
    this.open++;
    new StreamCall(this.pool.take(), this.expected, this).send(request);
  }

  chunk(call: StreamCall, delayUs: number): void {
    this.chunks++;
    if (!this.record) return;
    if (this.delaysUs.length < MAX_DELAYS) this.delaysUs.push(delayUs);
    if (call.chunks === 1) this.firstUs.push((performance.now() - call.sentAt) * 1000);
  }

  ended(call: StreamCall, wrong: string | null): void {
    this.open--;
    if (wrong === null) this.answers++;
    else this.failures.add(wrong);
    this.pool.give(call.connection);
    this.next?.();
  }

  async drain(ms: number): Promise<void> {
    for (const until = performance.now() + ms; this.open > 0 && performance.now() < until; ) await sleep(5);
    if (this.open > 0) this.failures.add(`${this.open} streams never ended`);
    this.pool.close();
  }
}

/** Keeps `streams` open, begun evenly in time; measures once they all are. p50Us is to the first chunk; chunkUs, cpuUs. */
export async function pacedStreams(load: StreamLoad, pace: Pace): Promise<Sample> {
  const tally = new Tally(new ConnectionPool(load.port, pace.streams + 8), pace.chunks);
  const request = load.request(pace.chunks, pace.intervalMs);
  const lifeMs = pace.chunks * pace.intervalMs;
  const rampMs = lifeMs + 300;
  const total = Math.floor(((rampMs + load.windowMs) / lifeMs) * pace.streams);
  const began = performance.now();
  let window: Window | null = null;
  for (let sent = 0; sent < total && !tally.failures.givenUp; ) {
    await sleep(1);
    const elapsed = performance.now() - began;
    if (window === null && elapsed >= rampMs) {
      window = new Window(load.pid, tally.chunks);
      tally.record = true;
    }
    for (const due = Math.min(total, Math.floor((elapsed / lifeMs) * pace.streams)); sent < due; sent++)
      tally.begin(request);
  }
  const measured = window?.close(tally.chunks);
  tally.record = false;
  await tally.drain(lifeMs + DRAIN_MS);
  const metrics = {
    p50Us: percentile(tally.firstUs, 0.5),
    p99Us: percentile(tally.firstUs, 0.99),
    chunkUs: percentile(tally.delaysUs, 0.5),
    cpuUs: measured?.cpuUs ?? Number.NaN,
    rate: measured?.rate ?? Number.NaN,
  };
  return { ...sampleOf(tally.answers, tally.failures), metrics };
}

/** `streams` callers that open the next stream when theirs has ended; chunks come as fast as they are written. rate, cpuUs. */
export async function floodedStreams(
  load: StreamLoad,
  streams: number,
  chunks: number,
  warmMs: number,
): Promise<Sample> {
  let running = true;
  const request = load.request(chunks, 0);
  const next = (): void => {
    if (running && !tally.failures.givenUp) tally.begin(request);
  };
  const tally = new Tally(new ConnectionPool(load.port, streams), chunks, next);
  for (let i = 0; i < streams; i++) tally.begin(request);
  await sleep(warmMs);
  const window = new Window(load.pid, tally.chunks);
  await sleep(load.windowMs);
  const measured = window.close(tally.chunks);
  running = false;
  await tally.drain(DRAIN_MS);
  const metrics = { rate: measured.rate, cpuUs: measured.cpuUs };
  return { ...sampleOf(tally.answers, tally.failures), busy: measured.busy, metrics };
}

/** Opens `count` streams over `spreadMs`, waits until each has its first chunk, calls `whenOpen`, then hangs up. */
export async function heldStreams(
  load: StreamLoad,
  count: number,
  spreadMs: number,
  whenOpen: () => Promise<void>,
): Promise<Sample> {
  const tally = new Tally(new ConnectionPool(load.port, 0), 600);
  const request = load.request(600, 500);
  tally.record = true;
  const began = performance.now();
  for (let sent = 0; sent < count; ) {
    await sleep(5);
    const due = Math.min(count, Math.floor(((performance.now() - began) / spreadMs) * count));
    for (; sent < due; sent++) tally.begin(request);
  }
  for (const until = performance.now() + 10_000; tally.firstUs.length < count && performance.now() < until; )
    await sleep(20);
  await whenOpen();
  if (tally.firstUs.length < count) tally.failures.add(`only ${tally.firstUs.length} of ${count} streams began`);
  if (tally.open < count) tally.failures.add(`only ${tally.open} of ${count} streams stayed open`);
  const counted = sampleOf(tally.answers, tally.failures);
  await tally.drain(0);
  return { ...counted, metrics: {} };
}
