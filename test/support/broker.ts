// A whole broker in this process, on a free TCP port and a Unix socket in a folder of its own.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type App, createApp } from "../../src/app.ts";

export interface TestBroker {
  readonly app: App;
  readonly url: string;
  readonly socketPath: string;
  readonly folder: string;
  /** Rows of request_logs, oldest first. */
  rows(): Row[];
  stop(): Promise<void>;
}

export interface Row {
  readonly [column: string]: string | number | null;
}

export type Vars = Readonly<Record<string, string>>;

/** `models` is the text of a models configuration; without one the shipped file is used. */
export async function startBroker(vars: Vars = {}, models?: string): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), "ab-"));
  const config: Record<string, string> = {};
  if (models !== undefined) {
    const { writeFile } = await import("node:fs/promises");
    config.MODELS_CONFIG_PATH = join(folder, "models.yml");
    await writeFile(config.MODELS_CONFIG_PATH, models);
  }
  const app = await createApp(
    {
      DATA_DIR: folder,
      PORT: "0",
      LOG_LEVEL: "silent",
      OLLAMA_BASE_URL: "http://127.0.0.1:9",
      ...FAST_BACKOFF,
      ...config,
      ...vars,
    },
    { pid: process.pid, node: process.version, isAlive: () => false },
  );
  return {
    app,
    url: app.url ?? "",
    socketPath: app.socketPath ?? "",
    folder,
    rows: () => readRows(folder),
    async stop() {
      await app.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const FAST_BACKOFF = {
  CHAT_COMPLETIONS_BACKOFF_INITIAL_INTERVAL: "5",
  CHAT_COMPLETIONS_BACKOFF_MAX_INTERVAL: "10",
  CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: "60",
};

export function readRows(folder: string): Row[] {
  const db = new Database(join(folder, "requests.db"), { readonly: true });
  try {
    return db.prepare("SELECT * FROM request_logs ORDER BY id").all() as Row[];
  } finally {
    db.close();
  }
}
