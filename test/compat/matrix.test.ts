// The compatibility table, run: every client, unmodified but for its base URL and fetch, does all that it can do, over TCP
// and over the Unix socket. `node scripts/compat-table.ts` makes the table of what has passed.

import { after, before, test } from "node:test";
import { CLIENTS } from "./matrix/clients.ts";
import { CAPABILITIES, type Doors, openDoors, TRANSPORTS, testName } from "./matrix/door.ts";

/** Far more than any of them takes. */
const LONGEST_MS = 30_000;

let doors: Doors;
before(async () => {
  doors = await openDoors();
});
after(() => doors.close());

for (const client of CLIENTS) {
  for (const capability of CAPABILITIES) {
    const works = client.does[capability];
    if (!works) continue;
    for (const transport of TRANSPORTS) {
      test(testName(client, capability, transport), { timeout: LONGEST_MS }, () => works(doors.open(transport)));
    }
  }
}
