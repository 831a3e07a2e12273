// Every kind of caller there is, at a broker of its own: what it sends, and what the contract says it may do.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startBroker, type TestBroker } from "./broker.ts";
import { connectClient, type Reply } from "./client.ts";
import { signed } from "./jwt.ts";

/** The highest scope of a caller; `refused`: its credential is no good, whatever is called. */
export type Standing = "refused" | "public" | "inference" | "admin";

export interface KindOfCaller {
  readonly name: string;
  readonly standing: Standing;
  /** Not given: over the Unix socket, without any. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly loopback: boolean;
  /** It shows no credential of ours. */
  readonly nobody: boolean;
}

export interface House {
  readonly broker: TestBroker;
  readonly kinds: readonly KindOfCaller[];
  /** JSON-RPC as the owner, or over HTTP. */
  call(kind: KindOfCaller, method: string, params: object): Promise<Pick<Reply, "result" | "error">>;
  stop(): Promise<void>;
}

const ADMIN_TOKEN = "the-token-of-the-administrator";
const HERO_SECRET = "a-secret-that-signs-tokens-of-others";
const ELSEWHERE = { "x-forwarded-for": "203.0.113.9" };

export async function openHouse(auth: "optional" | "required"): Promise<House> {
  const broker = await startBroker({ AUTH: auth, ADMIN_TOKEN, HERO_SECRET, TRUSTED_PROXIES: "127.0.0.1" });
  const owner = await connectClient(broker.socketPath);
  const asOwner = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const { result, error } = await owner.call(method, params);
    if (!result) throw new TypeError(`${method}: ${JSON.stringify(error)}`);
    return result;
  };
  const cookie = (await readFile(join(broker.folder, "admin.cookie"), "utf8")).trim();
  const kinds = kindsOf(auth, { cookie, ...(await issue(asOwner)) });
  return {
    broker,
    kinds,
    async call({ headers }, method, params) {
      if (!headers) return owner.call(method, params);
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const response = await fetch(`${broker.url}/rpc`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      });
      return (await response.json()) as Reply;
    },
    async stop() {
      owner.close();
      await broker.stop();
    },
  };
}

interface Secrets {
  readonly cookie: string;
  readonly key: string;
  readonly expired: string;
  readonly revoked: string;
  readonly rotated: string;
}

/** Keys in every state. */
async function issue(asOwner: (method: string, params: object) => Promise<Record<string, unknown>>) {
  const create = async (): Promise<{ id: string; secret: string }> =>
    (await asOwner("keys.create", { name: "k" })) as { id: string; secret: string };
  const [key, expired, revoked, rotated] = [await create(), await create(), await create(), await create()];
  await asOwner("keys.update", { key: expired.id, expires_at: "2020-01-01T00:00:00Z" });
  await asOwner("keys.revoke", { key: revoked.id });
  await asOwner("keys.rotate", { key: rotated.id });
  return { key: key.secret, expired: expired.secret, revoked: revoked.secret, rotated: rotated.secret };
}

function kindsOf(auth: "optional" | "required", secrets: Secrets): KindOfCaller[] {
  const open = auth === "optional";
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  const jwt = (scope: string, exp = inAnHour, secret = HERO_SECRET): string =>
    signed({ sub: "ann", scope, exp }, secret);
  const bearer = (name: string, standing: Standing, token: string): KindOfCaller[] =>
    [{}, ELSEWHERE].map((from) => ({
      name: from === ELSEWHERE ? `${name}, from elsewhere` : name,
      standing,
      headers: { authorization: `Bearer ${token}`, ...from },
      loopback: from !== ELSEWHERE,
      nobody: false,
    }));
  const nobody = (name: string, standing: Standing, headers: Record<string, string>): KindOfCaller => ({
    ...{ name, standing, headers, nobody: true },
    loopback: !("x-forwarded-for" in headers),
  });
  const foreign = { authorization: "Bearer not-needed" };
  return [
    { name: "the owner of the socket", standing: "admin", loopback: true, nobody: false },
    ...bearer("ADMIN_TOKEN", "admin", ADMIN_TOKEN),
    ...bearer("the cookie", "admin", secrets.cookie),
    ...bearer("a JWT for admin", "admin", jwt("admin")),
    ...bearer("a JWT for inference", "inference", jwt("inference")),
    ...bearer("a JWT that has expired", "refused", jwt("admin", inAnHour - 7200)),
    ...bearer("a JWT that another has signed", "refused", jwt("admin", inAnHour, "another")),
    ...bearer("a key", "inference", secrets.key),
    ...bearer("a key that has expired", "refused", secrets.expired),
    ...bearer("a key that is revoked", "refused", secrets.revoked),
    ...bearer("the old secret of a key", "refused", secrets.rotated),
    ...bearer("a key that nobody made", "refused", `sk-ab-${"0".repeat(43)}`),
    nobody("nobody", open ? "inference" : "public", {}),
    nobody("nobody, from elsewhere", "public", ELSEWHERE),
    nobody("a foreign bearer", open ? "inference" : "refused", foreign),
    nobody("a foreign bearer, from elsewhere", open ? "public" : "refused", { ...foreign, ...ELSEWHERE }),
  ];
}
