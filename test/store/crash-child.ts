// A process that can be killed. Argument 2 says what it does with the request log of argument 1; when it is ready for its
// end it says so, and waits.

import { once } from "node:events";
import { writeSync } from "node:fs";
import { dirname } from "node:path";
import type { HoldId } from "../../src/core/ledger.ts";
import { createLedger } from "../../src/store/ledger.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { end, randomCall, start } from "../support/entries.ts";
import { seeded } from "../support/random.ts";

const [path = "", mode = ""] = process.argv.slice(2);
const { pid } = process;
const db = openSqlite(path);
db.pragma("busy_timeout = 5000");

function openLedger(isAlive: boolean) {
  return createLedger({ db, folder: dirname(path), pid, isAlive: () => isAlive, now: () => 5000 });
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const modes: Record<string, () => unknown> = {
  /** Opens the file and ends, so that several can do it at once. */
  open: () => db.close(),

  /** Clears up, when told to, what others have left. */
  async recover() {
    say("ready");
    await once(process.stdin, "data");
    process.stdin.destroy();
    await openLedger(false).close();
  },

  /** One call has ended, two are under way. */
  async held() {
    const ledger = openLedger(true);
    const finished = await ledger.hold(start({ requestId: "finished" }));
    await ledger.hold(start({ requestId: "under-way", ip: "10.0.0.9", stream: true }));
    await ledger.hold(start({ requestId: "under-way-too" }));
    await ledger.settle(finished, start({ requestId: "finished" }), end());
    say("ready");
    setInterval(() => {}, 60_000);
  },

  /** Has settled, and will never reach the commit. */
  async settling() {
    const ledger = openLedger(true);
    const hold = await ledger.hold(start({ requestId: "settling" }));
    void ledger.settle(hold, start({ requestId: "settling" }), end());
    say("ready");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },

  /** Settles when told to, while the database is locked. */
  async locked() {
    const ledger = openLedger(true);
    db.pragma("busy_timeout = 20");
    const hold = await ledger.hold(start({ requestId: "refused" }));
    say("ready");
    await once(process.stdin, "data");
    await ledger.settle(hold, start({ requestId: "refused" }), end()).catch((error) => say(error.kind));
    setInterval(() => {}, 60_000);
  },

  /** Random calls, several at once, as fast as it can. */
  async busy() {
    const ledger = openLedger(true);
    const random = seeded(pid);
    for (let n = 0; ; n++) {
      const calls = Array.from({ length: 1 + Math.floor(random() * 40) }, (_, i) =>
        randomCall(random, `${pid}-${n}-${i}`),
      );
      await Promise.all(calls.map(async ([start, end]) => ledger.settle(await ledger.hold(start), start, end)));
      if (n === 20) say("ready");
    }
  },

  /** Takes calls with long lines until no more fit, then one that is shorter, then two that would fit and a long one at once. */
  async full() {
    const ledger = openLedger(true);
    const hold = async (requestId: string, length: number): Promise<HoldId | string> => {
      try {
        return await ledger.hold(start({ requestId, modelAsked: "é".repeat(length) }));
      } catch (error) {
        return (error as { kind: string }).kind;
      }
    };
    let held = 0;
    while (typeof (await hold(`held-${held}`, 5_000)) === "number") held++;
    const told = [ledger.fault];
    while (ledger.fault !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    told.push(String(await hold("short", 1)));
    const refused = [hold("refused", 1), hold("refused-too", 1), hold("refused-long", 5_000)];
    told.push((await Promise.all(refused)).join());
    say(JSON.stringify({ held, told }));
    setInterval(() => {}, 60_000);
  },
};

await modes[mode]?.();
