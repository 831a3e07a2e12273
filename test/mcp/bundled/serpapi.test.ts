// SerpApi: one GET for all engines, the key in the query and, in answers, in places nobody expects.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, textOf } from "./child.ts";
import { replay, started } from "./replay.ts";

const metadata = (status: string) => ({
  id: "5f0d8c1e2b7a4c6d",
  status,
  json_endpoint: "https://serpapi.com/searches/x.json",
});

replay("serpapi", { query: "api_key" }, [
  {
    tool: "search",
    args: {
      q: "Coffee",
      location: "Austin, Texas, United States",
      gl: "us",
      hl: "en",
      num: 5,
      start: 5,
      no_cache: true,
    },
    asks: {
      path: "/search.json",
      query: {
        ...{ engine: "google", q: "Coffee", location: "Austin, Texas, United States", gl: "us", hl: "en" },
        ...{ num: "5", start: "5", no_cache: "true" },
      },
    },
    answer: {
      body: {
        search_metadata: metadata("Success"),
        search_parameters: { engine: "google", q: "Coffee" },
        organic_results: [{ position: 1, title: "Coffee - Wikipedia", link: "https://en.wikipedia.org/wiki/Coffee" }],
      },
    },
  },
  {
    tool: "search",
    args: { engine: "youtube", params: { search_query: "star wars", sp: "EgIQAQ" } },
    asks: { path: "/search.json", query: { engine: "youtube", search_query: "star wars", sp: "EgIQAQ" } },
    answer: { body: { search_metadata: metadata("Success"), video_results: [{ title: "Star Wars" }] } },
  },
  {
    tool: "search",
    args: { q: "qwzxqwzx" },
    asks: { query: { engine: "google", q: "qwzxqwzx" } },
    answer: {
      body: { search_metadata: metadata("Success"), error: "Google hasn't returned any results for this query." },
    },
  },
  {
    tool: "search_archive",
    args: { search_id: "5f0d8c1e2b7a4c6d" },
    asks: { path: "/searches/5f0d8c1e2b7a4c6d.json" },
    answer: { body: { search_metadata: metadata("Success"), organic_results: [] } },
  },
  {
    tool: "locations",
    args: { q: "Austin", limit: 1 },
    asks: { path: "/locations.json", query: { q: "Austin", limit: "1" } },
    answer: { body: [{ id: "585069bdee19ad271e9bc072", google_id: 200635, name: "Austin, TX", country_code: "US" }] },
  },
  {
    tool: "account",
    args: {},
    asks: { path: "/account.json" },
    answer: {
      body: { account_id: "5ac", account_email: "demo@serpapi.com", plan_name: "Big Data", total_searches_left: 24042 },
    },
  },
]);

test("the key that account.json repeats is masked, also where JSON or a URL writes it otherwise", async (context) => {
  const { vendor, server } = await started(context, "serpapi");
  const link = `https://serpapi.com/x?api_key=${encodeURIComponent(CANARY)}`;
  vendor.answers({
    headers: { "content-type": "application/json" },
    body: `{"api_key":"${CANARY}","escaped":"${CANARY.replaceAll("/", "\\/")}","next":"${link}"}`,
  });
  const result = await server.call("account");
  assert.deepEqual(result.structuredContent, {
    api_key: "sk-…789=",
    escaped: "sk-…789=",
    next: "https://serpapi.com/x?api_key=sk-…789=",
  });
  assert.doesNotMatch(JSON.stringify(result), /canary/);
});

test("a search that ended with an error is an error, though its status is 200", async (context) => {
  const { vendor, server } = await started(context, "serpapi");
  vendor.answers({
    body: { search_metadata: metadata("Error"), error: "We couldn't get valid results for this search." },
  });
  const result = await server.call("search", { q: "x" });
  assert.equal(result.isError, true);
  assert.equal(textOf(result), "SerpApi failed: We couldn't get valid results for this search.");
});

test("params set neither the key nor the form of the answer", async (context) => {
  const { vendor, server } = await started(context, "serpapi");
  vendor.answers({ body: {} });
  for (const name of ["api_key", "output", "async", "engine", "a b", "__proto__x[]"]) {
    assert.equal((await server.call("search", { q: "x", params: { [name]: "y" } })).isError, true, name);
  }
  assert.equal(vendor.asked.length, 0);
});
