// Requests of 2026-07-28: each is complete in itself, and what a server behind the broker wants to know of the client goes to
// it as a result, to be answered by asking again. Serves HTTP and stdio alike; whoever calls it has checked the headers.

import { createHash } from "node:crypto";
import { BrokerError } from "../../core/errors.ts";
import { isObject } from "../../core/json-object.ts";
import type { Peer } from "../../core/tool.ts";
import { Ask, type Delivery } from "./ask.ts";
import type { ServerDeps } from "./deps.ts";
import { type Envelope, readAgain, readEnvelope, SERVER_INFO_KEY } from "./envelope.ts";
import { instructionsOf, SERVER_INFO } from "./handshake.ts";
import { listen } from "./listen.ts";
import { ASKS_BACK, CAPABILITIES } from "./offer.ts";
import type { WaitingCall } from "./waiting.ts";
import { MODERN_VERSIONS, type Request } from "./wire.ts";

/** Milliseconds for which an answer stays good; lists tell of their changes besides. */
const LIST_MS = 10_000;
const DISCOVER_MS = 3_600_000;
const FRESH_MS: Readonly<Record<string, number>> = {
  "tools/list": LIST_MS,
  "prompts/list": LIST_MS,
  "resources/list": LIST_MS,
  "resources/templates/list": LIST_MS,
  "resources/read": 0,
  "server/discover": DISCOVER_MS,
};

/** The result. Rejects with BrokerError or ProtocolFault; `toFault` knows them. */
export async function answerStateless(
  deps: ServerDeps,
  { id, method, params }: Request,
  delivery: Delivery,
  signal: AbortSignal,
  requestId: string,
): Promise<object> {
  const envelope = readEnvelope(params);
  if (method === "server/discover") return complete(method, discovered(deps, delivery));
  if (method === "subscriptions/listen")
    return complete(method, await listen(deps, { id, params, delivery, signal, requestId }));
  const handle = Object.hasOwn(deps.offer, method) ? deps.offer[method] : undefined;
  if (!handle) throw new BrokerError("method_not_found", `No method is called "${method.slice(0, 128)}"`);
  const { dispatcher, waiting } = deps;
  const about = { ...delivery, dispatcher, era: "modern", params, requestId, signal, level: envelope.level } as const;
  if (!ASKS_BACK.has(method)) return complete(method, await handle(new Ask({ ...about, peer: undefined })));
  const again = readAgain(params);
  const subject = `${method} ${params.name ?? params.uri}`;
  const { name } = delivery.principal;
  let call = waiting.met(name, subject, again);
  if (call) call.answer(again.inputResponses);
  else {
    call = waiting.begin(name, subject);
    const peer = peerOf(name, envelope, again, call);
    call.run(handle(new Ask({ ...about, outlet: call, signal: call.signal, peer })));
  }
  return complete(method, await call.next({ outlet: delivery.outlet, signal, params }));
}

function discovered({ tools }: ServerDeps, { server }: Delivery): object {
  const capabilities = { ...CAPABILITIES, logging: {} };
  return { supportedVersions: MODERN_VERSIONS, capabilities, ...instructionsOf(tools, server) };
}

/**
 * Without a session the caller itself owns the connections to servers: one for each set of what it can be asked, which a
 * server is told once.
 */
function peerOf(
  principal: string,
  { capabilities }: Envelope,
  again: NonNullable<Peer["again"]>,
  call: WaitingCall,
): Peer {
  const { sampling, elicitation, roots } = capabilities;
  const askable = JSON.stringify({ sampling, elicitation, roots });
  const session = askable === "{}" ? principal : `${principal} ${createHash("sha256").update(askable).digest("hex")}`;
  return { session, capabilities, again, ask: (method, params, ended) => call.ask(method, params, ended) };
}

function complete(method: string, result: object): object {
  const { _meta, ...rest } = result as { readonly _meta?: unknown; readonly resultType?: unknown };
  const fresh = FRESH_MS[method];
  return {
    resultType: "complete",
    ...(fresh === undefined || rest.resultType === "input_required" ? {} : { ttlMs: fresh, cacheScope: "private" }),
    ...rest,
    _meta: { ...(isObject(_meta) ? _meta : {}), [SERVER_INFO_KEY]: SERVER_INFO },
  };
}
