// responses.*: OpenAI's Responses. One that was kept is its maker's alone.

import type { ResponsesUnderWay } from "../broker/under-way.ts";
import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { type ResponseStore, readerOf } from "../core/response-store.ts";
import type { Item } from "../core/responses/items.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type {
  Response,
  ResponseItems,
  ResponsesCreateParams,
  ResponsesInputItemsListParams,
} from "../generated/types.ts";

export interface ResponsesDeps {
  readonly respond: (params: ResponsesCreateParams, call: Call) => Promise<Response>;
  readonly responses: ResponseStore;
  readonly underWay: ResponsesUnderWay;
}

const DEFAULT_PAGE = 20;

export function responsesMethods({ respond, responses, underWay }: ResponsesDeps): HandlersOf<"responses", Call> {
  const retrieve = ({ response_id: id }: { response_id: string }, call: Call) => responses.get(id, readerOf(call));
  return {
    "responses.create": respond,
    "responses.retrieve": retrieve,
    "responses.delete": ({ response_id: id }, call) => {
      responses.delete(id, readerOf(call));
      return { id, object: "response", deleted: true };
    },
    "responses.cancel": async (params, call) =>
      (await underWay.cancel(params.response_id, readerOf(call))) ?? retrieve(params, call),
    "responses.inputItems.list": (params, call) => pageOf(itemsOf(params.response_id, responses, call), params),
  };
}

/** Oldest first: what the responses before it were asked and answered, then its own. */
function itemsOf(id: string, responses: ResponseStore, call: Call): readonly Item[] {
  const reader = readerOf(call);
  const { input, previous } = responses.asked(id, reader);
  return previous === undefined ? input : [...responses.chain(previous, reader), ...input];
}

function pageOf(items: readonly Item[], { limit, order, after }: ResponsesInputItemsListParams): ResponseItems {
  const list = order === "asc" ? items : items.toReversed();
  const from = typeof after === "string" ? list.findIndex(({ id }) => id === after) + 1 : 0;
  if (typeof after === "string" && from === 0) {
    throw new BrokerError("invalid_params", "/after: is the id of no item here", { param: "/after" });
  }
  const to = from + (limit ?? DEFAULT_PAGE);
  const data = list.slice(from, to);
  return {
    object: "list",
    data,
    first_id: idOf(data[0]),
    last_id: idOf(data.at(-1)),
    has_more: to < list.length,
  };
}

function idOf(item: Item | undefined): string | null {
  return typeof item?.id === "string" ? item.id : null;
}
