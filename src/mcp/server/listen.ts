// subscriptions/listen (2026-07-28): a stream of the changes that the client asked for, and of no others, until it goes or
// the broker drains.

import { isObject } from "../../core/json-object.ts";
import type { ToolChange } from "../../core/tool.ts";
import type { Delivery } from "./ask.ts";
import type { ServerDeps } from "./deps.ts";
import { SUBSCRIPTION_KEY } from "./envelope.ts";
import { ProtocolFault } from "./fault.ts";
import { Watches } from "./watch.ts";
import { type Id, notification, type Params } from "./wire.ts";

interface Listening {
  readonly id: Id;
  readonly params: Params;
  readonly delivery: Delivery;
  readonly signal: AbortSignal;
  readonly requestId: string;
}

type Tell = () => Promise<void> | undefined;

const CHANGES: readonly ToolChange[] = ["tools", "prompts", "resources"];

/** Resolves with the last word of the stream. Rejects with ProtocolFault where nothing is asked for. */
export async function listen(deps: ServerDeps, listening: Listening): Promise<object> {
  const { id, params, delivery, signal, requestId } = listening;
  const { notifications } = params;
  if (!isObject(notifications)) throw new ProtocolFault(-32602, "Invalid params: notifications is required", 400);
  const _meta = { [SUBSCRIPTION_KEY]: id };
  const send = (method: string, more: object) => delivery.outlet.send(notification(method, { ...more, _meta }));
  const wanted = new Set(CHANGES.filter((change) => notifications[`${change}ListChanged`] === true));
  const early: Tell[] = [];
  const { promise: acknowledged, resolve: acknowledge } = Promise.withResolvers<void>();
  let tell = (event: Tell): Promise<void> | undefined => {
    early.push(event);
    return acknowledged; // which comes first
  };
  const changed = (more: object) => tell(() => send("notifications/resources/updated", more));
  const watches = new Watches({ dispatcher: deps.dispatcher, changed });
  const stop = deps.tools.onChange((change) => {
    if (wanted.has(change)) void tell(() => send(`notifications/${change}/list_changed`, {}));
  });
  try {
    const uris = await watchAll(watches, notifications.resourceSubscriptions, delivery, requestId);
    const lists = Object.fromEntries([...wanted].map((change) => [`${change}ListChanged`, true]));
    const honoured = { ...lists, ...(uris.length > 0 ? { resourceSubscriptions: uris } : {}) };
    void send("notifications/subscriptions/acknowledged", { notifications: honoured });
    for (const event of early) void event();
    tell = (event) => event();
    acknowledge();
    if (Object.keys(honoured).length > 0) await aborted(signal, deps.draining);
    return { _meta };
  } finally {
    stop();
    watches.close();
  }
}

/** Those that can be watched; one that can't is no fault of the rest. */
async function watchAll(watches: Watches, uris: unknown, delivery: Delivery, requestId: string): Promise<string[]> {
  const asked = Array.isArray(uris) ? uris.filter((uri): uri is string => typeof uri === "string") : [];
  const outcomes = await Promise.allSettled(asked.map((uri) => watches.add(uri, delivery, undefined, requestId)));
  return asked.filter((_, index) => outcomes[index]?.status === "fulfilled");
}

function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const signal of signals) signal.removeEventListener("abort", done);
      resolve();
    };
    if (signals.some((signal) => signal.aborted)) resolve();
    else for (const signal of signals) signal.addEventListener("abort", done);
  });
}
