// The rows of the benchmark: what is measured, over what, the floor that must hold and the goal we are going to.
// Everything is a ratio or a difference within one run; absolute figures of a machine are printed but never judged.
// A row with two references is two entries with the same id.

export type TargetName =
  | "subject"
  | "direct"
  | "raw-http"
  | "raw-undici"
  | "portkey"
  | "net-ndjson"
  | "jayson-tcp"
  | "vscode-jsonrpc"
  | "http-raw"
  | "fastify-json-rpc";

/** One scenario; all rows of a group are read from the same interleaved rounds. */
export type GroupName =
  | "closed-loop"
  | "open-loop"
  | "paced"
  | "dense"
  | "flood"
  | "memory"
  | "start"
  | "rpc-unix"
  | "rpc-pipelined"
  | "rpc-http";

/** rate: answers or chunks a second · cpuUs: server CPU µs an answer or chunk · p50Us, p99Us: latency or time to first
 *  token · chunkUs: p50 delay of a chunk · idleMb, streamsMb: resident memory · startMs: start to first answer. */
export type Metric = "rate" | "cpuUs" | "p50Us" | "p99Us" | "chunkUs" | "idleMb" | "streamsMb" | "startMs";

export interface Row {
  id: string;
  what: string;
  group: GroupName;
  /** The reference, or null where the figure stands alone. */
  over: TargetName | null;
  metric: Metric;
  how: "ratio" | "difference" | "absolute";
  better: "more" | "less";
  unit: string;
  floor: number;
  goal: number;
}

type Kind = Pick<Row, "how" | "better" | "unit">;

const TIMES_MORE: Kind = { how: "ratio", better: "more", unit: "×" };
const TIMES_LESS: Kind = { how: "ratio", better: "less", unit: "×" };
const ADDED_US: Kind = { how: "difference", better: "less", unit: "µs" };
const MB: Kind = { how: "absolute", better: "less", unit: "MB" };

export const ROWS: readonly Row[] = [
  row("H1", "chat requests/s", "closed-loop", "raw-http", "rate", TIMES_MORE, 1.1, 1.4),
  row("H2", "chat requests/s", "closed-loop", "raw-undici", "rate", TIMES_MORE, 0.65, 0.85),
  row("H3", "chat requests/s", "closed-loop", "portkey", "rate", TIMES_MORE, 15, 22),
  row("H5", "CPU µs a request", "closed-loop", "raw-http", "cpuUs", TIMES_LESS, 0.95, 0.72),
  row("H6", "added p50 at 1,000/s", "open-loop", "direct", "p50Us", ADDED_US, 160, 110),
  row("S1", "added p50 to first token", "paced", "direct", "p50Us", ADDED_US, 200, 130),
  row("S3", "delay a chunk p50", "paced", "raw-http", "chunkUs", TIMES_LESS, 1.2, 1.0),
  row("S4", "CPU µs a chunk", "dense", "raw-http", "cpuUs", TIMES_LESS, 1.3, 1.1),
  row("S5", "chunks/s flooded", "flood", "raw-http", "rate", TIMES_MORE, 0.85, 1.0),
  row("S5", "chunks/s flooded", "flood", "portkey", "rate", TIMES_MORE, 3.5, 4.5),
  row("M1", "added by 1,000 streams", "memory", null, "streamsMb", MB, 60, 45),
  row("M3", "resident when idle", "memory", null, "idleMb", MB, 110, 90),
  row("M4", "start to first answer", "start", "portkey", "startMs", TIMES_LESS, 1.3, 0.8),
  row("R1", "calls/s, Unix socket", "rpc-unix", "net-ndjson", "rate", TIMES_MORE, 0.7, 1.0),
  row("R2", "calls/s, Unix socket", "rpc-unix", "jayson-tcp", "rate", TIMES_MORE, 1.2, 1.6),
  row("R2", "calls/s, Unix socket", "rpc-unix", "vscode-jsonrpc", "rate", TIMES_MORE, 1.3, 1.8),
  row("R4", "calls/s, 64 deep", "rpc-pipelined", "net-ndjson", "rate", TIMES_MORE, 0.6, 1.0),
  row("R6", "calls/s, HTTP", "rpc-http", "http-raw", "rate", TIMES_MORE, 0.75, 0.95),
  row("R6", "calls/s, HTTP", "rpc-http", "fastify-json-rpc", "rate", TIMES_MORE, 1.0, 1.2),
];

function row(
  id: string,
  what: string,
  group: GroupName,
  over: TargetName | null,
  metric: Metric,
  kind: Kind,
  floor: number,
  goal: number,
): Row {
  return { id, what, group, over, metric, ...kind, floor, goal };
}

/** Whether `value` is at least as good as `bar`. */
export function reaches(row: Row, value: number, bar: number): boolean {
  return row.better === "more" ? value >= bar : value <= bar;
}

/** The row's figure from the subject's metric and the reference's. */
export function figure(row: Row, subject: number, reference: number): number {
  if (row.how === "ratio") return subject / reference;
  return row.how === "difference" ? subject - reference : subject;
}
