// The scenarios. Each measures one window of one target; the runner interleaves targets in rounds.
// Sizes are chosen so that a whole run of five rounds stays well under ten minutes.

import { closedLoop, type HttpLoad, openLoop } from "./drive-http.ts";
import { type RpcLoad, rpcLoop } from "./drive-rpc.ts";
import { floodedStreams, heldStreams, pacedStreams, type StreamLoad } from "./drive-stream.ts";
import { firstAnswerMs } from "./first-answer.ts";
import { residentMb } from "./proc.ts";
import type { GroupName } from "./rows.ts";
import { median, type Sample, sleep } from "./sample.ts";
import { type Target, untilReady } from "./target.ts";
import { chatCheck, chatRequest, rpcCheck, rpcRequest, streamRequest } from "./workload.ts";

export interface Group {
  /** A process of its own for each sample, handed over before it listens. */
  fresh: boolean;
  /** Its answers must be in the subject's ledger. */
  metered: boolean;
  maxRounds: number;
  /** Brings a target up to speed before the first round. */
  warm: ((target: Target) => Promise<Sample>) | null;
  measure: (target: Target) => Promise<Sample>;
}

const WARM_MS = 2000;
/** Portkey is still getting faster after two seconds. */
const PORTKEY_WARM_MS = 4000;

function httpLoad(target: Target, warmMs: number, windowMs: number): HttpLoad {
  const { port, pid, headers } = target;
  return { port, pid, request: chatRequest(headers), check: chatCheck(), warmMs, windowMs };
}

function streamLoad(target: Target, windowMs: number): StreamLoad {
  const { port, pid, headers } = target;
  return { port, pid, request: (chunks, intervalMs) => streamRequest(headers, chunks, intervalMs), windowMs };
}

function rpcLoad(target: Target, connections: number, depth: number, windowMs: number): RpcLoad {
  const { pid, socketPath, framing } = target;
  const load = { socketPath, framing, connections, depth, warmMs: 300, windowMs, method: "models.list" };
  return { ...load, pid: pid ?? 0 };
}

function rpcHttp(target: Target, windowMs: number): Promise<Sample> {
  const { port, pid, headers } = target;
  const load = { port, pid, request: rpcRequest(headers), check: rpcCheck(), warmMs: 300, windowMs };
  return closedLoop(load, 32);
}

const warmMs = (target: Target): number => (target.name === "portkey" ? PORTKEY_WARM_MS : WARM_MS);
const warmChat = (target: Target): Promise<Sample> => closedLoop(httpLoad(target, 0, warmMs(target)), 64);
const warmStreams = (target: Target): Promise<Sample> => floodedStreams(streamLoad(target, warmMs(target)), 8, 100, 0);

/** Idle memory of a new process, then what 1,000 open streams add to it. */
async function memory(target: Target): Promise<Sample> {
  await untilReady(target, 20_000);
  await sleep(3000);
  const pid = target.pid ?? 0;
  const idleMb = residentMb(pid);
  const held: number[] = [];
  const sample = await heldStreams(streamLoad(target, 0), 1000, 2000, async () => {
    for (let i = 0; i < 6; i++) {
      await sleep(500);
      held.push(residentMb(pid));
    }
  });
  return { ...sample, metrics: { idleMb, streamsMb: median(held) - idleMb } };
}

async function startUp(target: Target): Promise<Sample> {
  const startMs = await firstAnswerMs(target, chatRequest(target.headers), chatCheck());
  return { answers: 1, failures: 0, metrics: { startMs } };
}

const shared = { fresh: false, metered: true, maxRounds: 25 };
const rpc = { fresh: false, metered: false, maxRounds: 25 };
const alone = { fresh: true, metered: false, warm: null };

export const GROUPS: Record<GroupName, Group> = {
  "closed-loop": { ...shared, warm: warmChat, measure: (target) => closedLoop(httpLoad(target, 300, 2000), 64) },
  "open-loop": { ...shared, warm: warmChat, measure: (target) => openLoop(httpLoad(target, 200, 2000), 1000) },
  paced: {
    ...shared,
    warm: warmStreams,
    measure: (target) => pacedStreams(streamLoad(target, 2500), { streams: 100, chunks: 20, intervalMs: 50 }),
  },
  dense: {
    ...shared,
    warm: warmStreams,
    measure: (target) => pacedStreams(streamLoad(target, 3000), { streams: 100, chunks: 100, intervalMs: 10 }),
  },
  flood: { ...shared, warm: warmStreams, measure: (target) => floodedStreams(streamLoad(target, 2000), 8, 100, 300) },
  memory: { ...alone, maxRounds: 3, measure: memory },
  start: { ...alone, maxRounds: 7, measure: startUp },
  "rpc-unix": {
    ...rpc,
    warm: (target) => rpcLoop(rpcLoad(target, 16, 1, 1000)),
    measure: (target) => rpcLoop(rpcLoad(target, 16, 1, 1500)),
  },
  "rpc-pipelined": {
    ...rpc,
    warm: (target) => rpcLoop(rpcLoad(target, 1, 64, 1000)),
    measure: (target) => rpcLoop(rpcLoad(target, 1, 64, 1500)),
  },
  "rpc-http": { ...rpc, warm: (target) => rpcHttp(target, 1000), measure: (target) => rpcHttp(target, 1500) },
};
