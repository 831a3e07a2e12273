// Who may call what: every method of the document by every kind of caller, over JSON-RPC and over its first REST row. The
// verdict follows from the method's scope alone, so a new method is in the matrix by being in the document.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { calls, type Method, type RestRow } from "../../scripts/generate/document.ts";
import { type House, type KindOfCaller, openHouse, type Standing } from "../support/callers.ts";
import { document } from "../support/document.ts";

/** Refused by the validator of every method, so what is allowed has no effect, and shows by being refused for this. */
const FAULTY = { _meta: "not an object" };
const RANK: Readonly<Record<Exclude<Standing, "refused">, number>> = { public: 0, inference: 1, admin: 2 };

/** The kind of error that a call with faulty params gets. */
function verdict(standing: Standing, scope: Method["x-scope"]): "invalid_params" | "unauthorized" | "forbidden" {
  if (standing === "refused") return "unauthorized";
  if (RANK[standing] >= RANK[scope]) return "invalid_params";
  return standing === "public" ? "unauthorized" : "forbidden";
}

/** As `verdict`; a row may be open to whoever is on this machine and shows nothing. */
function rowVerdict(kind: KindOfCaller, method: Method, row: RestRow): "allowed" | 401 | 403 {
  const opened = row.open === "loopback" && kind.loopback && kind.nobody && kind.standing !== "refused";
  const standing = opened ? "admin" : kind.standing;
  const outcome = verdict(standing, method["x-scope"]);
  return outcome === "invalid_params" ? "allowed" : outcome === "forbidden" ? 403 : 401;
}

/** Whatever the row takes is faulty, so that what is allowed has no effect and no answer without end. */
async function statusOf(url: string, { headers }: KindOfCaller, row: RestRow): Promise<number> {
  const path = row.path.replaceAll(/\{\w+\}/g, "none-is-called-so");
  const query = (row.query ?? []).map((name) => `${name}=~`).join("&");
  const response = await fetch(`${url}${path}?${query}`, {
    method: row.verb,
    headers: { ...headers, ...(row.body === "json" ? { "content-type": "application/json" } : {}) },
    ...(row.body === "json" ? { body: JSON.stringify(FAULTY) } : {}),
    ...(row.body === "multipart" ? { body: new FormData() } : {}),
  });
  await response.body?.cancel();
  return response.status;
}

for (const auth of ["optional", "required"] as const) {
  describe(`AUTH=${auth}`, () => {
    let house: House;
    before(async () => {
      house = await openHouse(auth);
    });
    after(() => house.stop());

    for (const method of calls(document)) {
      test(`${method.name} (${method["x-scope"]})`, async () => {
        for (const kind of house.kinds) {
          const { error } = await house.call(kind, method.name, FAULTY);
          assert.equal(error?.data.kind, verdict(kind.standing, method["x-scope"]), kind.name);
        }
      });

      for (const row of [method["x-rest"] ?? []].flat().slice(0, 1)) {
        test(`${row.verb} ${row.path} (${method["x-scope"]})`, async () => {
          for (const kind of house.kinds.filter(({ headers }) => headers)) {
            const status = await statusOf(house.broker.url, kind, row);
            const expected = rowVerdict(kind, method, row);
            if (expected !== "allowed") assert.equal(status, expected, kind.name);
            else assert.ok(status < 500 && status !== 401 && status !== 403, `${kind.name}: ${status}`);
          }
        });
      }
    }
  });
}
