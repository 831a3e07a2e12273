// Part of the composition root: everything that stands on the one database of the data folder.

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "../config/env.ts";
import { BrokerError } from "../core/errors.ts";
import type { Log } from "../log.ts";
import { createBilling } from "../store/billing.ts";
import { createKeys } from "../store/keys.ts";
import { createLedger } from "../store/ledger.ts";
import { createResponses } from "../store/responses.ts";
import { createRetention } from "../store/retention.ts";
import { createSpending } from "../store/spending.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { ProcessFacts, Store } from "./rooms.ts";

/** Throws `config_invalid` when the folder or the database can't serve. */
export function openStore(env: Env, folder: string, { pid, isAlive }: ProcessFacts, log: Log): Store {
  makeFolder(folder);
  const db = openSqlite(join(folder, "requests.db"), env.LEDGER_SYNC);
  const now = Date.now;
  const ledger = createLedger({
    ...{ db, folder, pid, isAlive, now },
    onFault: (reason) => log.error(`the request log can't be written: ${reason}`),
  });
  const responses = createResponses({ db, now, days: env.RESPONSE_DAYS });
  const retention = createRetention({
    ...{ db, now },
    also: () => responses.sweep(),
    days: env.RETENTION_DAYS,
    onFault: (reason) => log.warn(`old rows of the request log can't be removed: ${reason}`),
  });
  return {
    ledger,
    keys: createKeys({ db, now, randomBytes }),
    spending: createSpending(db),
    billing: createBilling(db),
    responses,
    async close() {
      retention.close();
      await ledger.close();
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new BrokerError(
      "config_invalid",
      `DATA_DIR ${folder} can't be made (${code}): set it to a folder that can be written`,
    );
  }
}
