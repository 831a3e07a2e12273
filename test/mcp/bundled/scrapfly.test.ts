// Scrapfly: everything in the query, code as URL-safe base64, screenshots as pictures.

import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "./child.ts";
import { type Case, replay, started } from "./replay.ts";

const JPEG = Buffer.from("ffd8ffe000104a464946", "hex");
const url = "https://web-scraping.dev/product/1?a=b&c";
const base64 = (value: string) => Buffer.from(value).toString("base64url");
const scraped = (content: string) => ({
  config: { url, method: "GET" },
  context: { cost: { total: 1 } },
  result: {
    content,
    content_type: "text/html; charset=utf-8",
    format: "text",
    status: "DONE",
    status_code: 200,
    success: true,
  },
  uuid: "c51d1aa6-d9bc-4e2d-9a6e-d3ae9ba23a51",
});

const cases: readonly Case[] = [
  {
    tool: "scrape",
    args: { url },
    asks: { path: "/scrape", query: { url, format: "markdown" } },
    answer: { body: scraped("# Box") },
  },
  {
    tool: "scrape",
    args: {
      ...{ url, country: "us,ca,-mx", render_js: true, asp: true, format: "markdown:no_links", lang: ["en-US", "en"] },
      ...{
        js: "return 1 + '?>'",
        js_scenario: [{ click: { selector: "#a" } }],
        headers: { "X-My-Header": "é" },
        cost_budget: 30,
      },
    },
    asks: {
      path: "/scrape",
      query: {
        ...{ url, country: "us,ca,-mx", render_js: "true", asp: "true", format: "markdown:no_links", lang: "en-US,en" },
        ...{ js: base64("return 1 + '?>'"), js_scenario: base64('[{"click":{"selector":"#a"}}]') },
        ...{ "headers[x-my-header]": "é", cost_budget: "30" },
      },
    },
    answer: { body: scraped("<p>Box</p>") },
  },
  {
    tool: "scrape",
    args: { url, method: "POST", body: '{"a":1}', headers: { "Content-Type": "application/json" } },
    asks: {
      method: "POST",
      path: "/scrape",
      body: '{"a":1}',
      query: { url, format: "markdown", "headers[content-type]": "application/json" },
    },
    headers: { "content-type": "application/json" },
    answer: { body: scraped("ok") },
  },
  {
    tool: "screenshot",
    args: {
      url,
      format: "jpg",
      capture: "fullpage",
      resolution: "1920x1080",
      options: ["dark_mode", "block_banners"],
      auto_scroll: true,
    },
    asks: {
      path: "/screenshot",
      query: {
        url,
        format: "jpg",
        capture: "fullpage",
        resolution: "1920x1080",
        options: "dark_mode,block_banners",
        auto_scroll: "true",
      },
    },
    answer: { headers: { "content-type": "image/jpeg", "x-scrapfly-upstream-http-code": "200" }, body: JPEG },
    image: { mimeType: "image/jpeg", data: JPEG.toString("base64") },
  },
  {
    tool: "extraction",
    args: { body: "<p>Preis: 9 €</p>", content_type: "text/html", url, extraction_prompt: "the price" },
    asks: {
      ...{ method: "POST", path: "/extraction", body: "<p>Preis: 9 €</p>" },
      query: { content_type: "text/html", url, extraction_prompt: "the price" },
    },
    headers: { "content-type": "text/html" },
    answer: { body: { data: { price: "9 €" }, content_type: "application/json", data_quality: null } },
  },
  {
    tool: "extraction",
    args: { body: "x", content_type: "text/plain", template: { selectors: [] } },
    asks: {
      method: "POST",
      query: { content_type: "text/plain", extraction_template: `ephemeral:${base64('{"selectors":[]}')}` },
    },
    answer: { body: { data: {}, content_type: "application/json" } },
  },
  {
    tool: "account",
    args: {},
    asks: { path: "/account" },
    answer: {
      body: {
        account: { account_id: "7a", currency: "USD" },
        subscription: { usage: { scrape: { current: 3, limit: 1000 } } },
      },
    },
  },
];
replay("scrapfly", { query: "key" }, cases);

test("a scrape without success is an error with Scrapfly's code, whatever its status", async (context) => {
  const { vendor, server } = await started(context, "scrapfly");
  const code = "ERR::SCRAPE::BAD_UPSTREAM_RESPONSE";
  const error = {
    code,
    http_code: 200,
    message: "The website you target respond with an unexpected status code (>400)",
  };
  for (const status of [200, 422]) {
    vendor.answers({
      status,
      body: { config: {}, context: {}, result: { status: "DONE", success: false, reason: null, error } },
    });
    const result = await server.call("scrape", { url });
    assert.equal(result.isError, true);
    assert.match(
      textOf(result),
      /^Scrapfly (failed|refused the request \(422\)): .*ERR::SCRAPE::BAD_UPSTREAM_RESPONSE/,
    );
    assert.match(textOf(result), /unexpected status code/);
  }
});

test("a screenshot that could not be taken is an error, not a picture", async (context) => {
  const { vendor, server } = await started(context, "scrapfly");
  const code = "ERR::SCREENSHOT::UNABLE_TO_TAKE_SCREENSHOT";
  vendor.answers({
    status: 422,
    body: { code, error_id: "f0", http_code: 422, message: code, reason: "Useful information", retryable: true },
  });
  const result = await server.call("screenshot", { url });
  assert.equal(result.isError, true);
  assert.equal(textOf(result), `Scrapfly refused the request (422): ${code}, Useful information`);
});
