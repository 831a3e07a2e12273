// SerpApi: results of many search engines over one GET, /search.json with `engine` and that engine's parameters. The key
// is in the query, and account.json repeats it. Documented at serpapi.com/search-api; errors are `{error}`.

import { anyOf, decimal, flag, map, matching, object, oneOf, text, whole } from "./schema.ts";
import { get, type Vendor } from "./vendor.ts";

/** A parameter's name; who asks, and the form of the answer, are not for the caller to set. */
const PARAM = "^(?!(api_key|output|async|engine)$)[a-z0-9_]{1,64}$";

const scalar = anyOf("A value.", text("As text."), decimal("As a number.", -1e15, 1e15), flag("Yes or no."));

export const SERPAPI: Vendor = {
  title: "SerpApi",
  baseUrl: "https://serpapi.com",
  timeoutMs: 60_000,
  auth: { query: "api_key" },
  complaint: ({ search_metadata, error }) => {
    // An `error` beside the status Success says that nothing was found.
    const { status } = Object(search_metadata) as { status?: unknown };
    return status === "Error" ? String(error ?? "the search ended with an error").slice(0, 500) : undefined;
  },
  tools: [
    {
      name: "search",
      description:
        "Searches with one of SerpApi's engines (google, google_news, google_images, google_maps, google_scholar, bing, " +
        "duckduckgo, youtube, ebay, walmart ...). Parameters that only some engines know go into params.",
      input: object([], {
        engine: matching("^[a-z0-9_]{1,64}$", "The engine; google unless said otherwise."),
        q: text("What to search for, where the engine calls it q."),
        location: text("Where to search from, for example Austin, Texas, United States.", 256),
        google_domain: matching("^google(\\.[a-z]{2,3}){1,2}$", "Google's domain, for example google.de."),
        gl: matching("^[a-z]{2}$", "Country, for example us."),
        hl: matching("^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})?$", "Language, for example en."),
        num: whole("Results on a page.", 1, 100),
        start: whole("Results to pass over.", 0, 10_000),
        safe: oneOf("Filter for adult content.", "active", "off"),
        device: oneOf("Whose results.", "desktop", "tablet", "mobile"),
        no_cache: flag("Search anew, even where a result of the last hour is kept."),
        json_restrictor: text("Only these members of the answer, for example organic_results[0:3].{title,link}.", 512),
        params: map("Further parameters of the engine, by SerpApi's names.", PARAM, scalar, 40),
      }),
      request: ({ params, ...query }) => ({
        path: "/search.json",
        query: { ...(params as object | undefined), engine: "google", ...query },
      }),
    },
    {
      name: "search_archive",
      description: "The answer of a search of the last 31 days, free of charge.",
      input: object(["search_id"], {
        search_id: matching("^[a-f0-9]{8,64}$", "search_metadata.id of that search."),
      }),
      request: ({ search_id }) => ({ path: `/searches/${search_id}.json` }),
    },
    {
      name: "locations",
      description: "Places that `location` of search takes.",
      input: object([], { q: text("A part of the name.", 128), limit: whole("Places to give.", 1, 100) }),
      request: get("/locations.json"),
    },
    {
      name: "account",
      description: "Plan and searches left of the account.",
      input: object([], {}),
      request: get("/account.json"),
    },
  ],
};
