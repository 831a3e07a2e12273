// Scrapfly: pages, screenshots and data extraction. Arguments are the query, which also holds the key; code and templates
// travel as URL-safe base64. Documented at scrapfly.io/docs; errors are `{code, message, reason}`, and a failed scrape
// can be a 2xx answer whose `result.success` is false.

import { flag, json, list, map, matching, object, oneOf, type Schema, text, whole } from "./schema.ts";
import { type Arguments, get, type Vendor, type VendorRequest } from "./vendor.ts";

const url = matching("^https?://", "The page. An http or https URL.", 8_192);
const country = matching(
  "^-?[a-zA-Z]{2}(,-?[a-zA-Z]{2}){0,9}$",
  "Country to ask from, for example us; several by commas.",
);
const timeout = whole("Milliseconds for the page at most.", 1_000, 150_000);
const SHOWN = {
  rendering_wait: whole("Milliseconds to wait once the page is loaded.", 0, 25_000),
  wait_for_selector: text("Wait for this CSS selector or XPath.", 512),
  auto_scroll: flag("Scroll to the end of the page."),
  js: text("JavaScript to run on the page.", 8_192),
};
const CACHE = {
  cache: flag("Take an earlier answer where Scrapfly keeps one, and keep this one."),
  cache_ttl: whole("With cache: seconds to keep it.", 1, 604_800),
  cache_clear: flag("With cache: ask anew."),
};
const EXTRACTION = {
  extraction_prompt: text("What to find on it, in words.", 10_000),
  extraction_model: matching("^[a-z0-9_]+$", "A ready model: article, product, job_posting, review_list ..."),
};

const OPTIONS = ["load_images", "dark_mode", "block_banners", "print_media_format"];
const VISIONS = ["deuteranopia", "protanopia", "tritanopia", "achromatopsia", "blurredvision"];

export const SCRAPFLY: Vendor = {
  title: "Scrapfly",
  baseUrl: "https://api.scrapfly.io",
  timeoutMs: 160_000,
  auth: { query: "key" },
  complaint: ({ result }) => {
    const { success, status, error } = Object(result) as { success?: unknown; status?: unknown; error?: unknown };
    if (success !== false) return undefined;
    const { code, message } = Object(error) as { code?: unknown; message?: unknown };
    return [code ?? status, message]
      .filter((each) => typeof each === "string")
      .join(": ")
      .slice(0, 500);
  },
  tools: [
    {
      name: "scrape",
      description:
        "Reads a web page, as markdown unless another format is asked for. `result` holds content, status and headers.",
      writes: true,
      input: scrapeInput(),
      request: scrape,
    },
    {
      name: "screenshot",
      description: "Gives a picture of a web page.",
      input: object(["url"], {
        ...{ url, country, timeout, ...SHOWN, ...CACHE },
        format: oneOf("jpg unless said otherwise.", "jpg", "png", "webp", "gif"),
        capture: text("viewport, fullpage or a CSS selector; viewport unless said otherwise.", 512),
        resolution: matching("^\\d{2,5}x\\d{2,5}$", "Of the viewport, for example 1920x1080."),
        options: list("How the page is shown.", oneOf("One way.", ...OPTIONS), OPTIONS.length),
        vision_deficiency: oneOf("Seen as with.", ...VISIONS),
      }),
      request: ({ js, ...query }) => ({ path: "/screenshot", query: { ...query, js: encoded(js) }, expects: "any" }),
    },
    {
      name: "extraction",
      description:
        "Finds data in a document that you have, by one of: extraction_prompt, extraction_model, extraction_template, template.",
      input: object(["body", "content_type"], {
        body: text("The document.", 2 * 1_024 * 1_024),
        content_type: matching("^[\\w.+-]+/[\\w.+-]+(; ?charset=[\\w-]+)?$", "Its type, for example text/html.", 128),
        url: { ...url, description: "Where it is from, so that links in it are whole." },
        charset: matching("^[\\w-]+$", "Its character set; utf-8 unless said otherwise."),
        ...EXTRACTION,
        extraction_template: matching("^[\\w-]+$", "Name of a template that is kept at Scrapfly.", 128),
        template: json("A template for this call alone."),
      }),
      request: ({ body, template, ...query }) => ({
        method: "POST",
        path: "/extraction",
        body: String(body),
        headers: { "content-type": String(query.content_type) },
        query: template ? { ...query, extraction_template: `ephemeral:${encoded(JSON.stringify(template))}` } : query,
      }),
    },
    {
      name: "account",
      description: "Plan, credits and limits of the account.",
      input: object([], {}),
      request: get("/account"),
    },
  ],
};

function scrapeInput(): Schema {
  return object(["url"], {
    ...{ url, country, timeout, ...SHOWN, ...CACHE, ...EXTRACTION },
    method: oneOf("GET unless said otherwise.", "GET", "POST", "PUT", "PATCH"),
    body: text("What is sent to the page.", 1_024 * 1_024),
    headers: map("Headers sent to the page.", "^[A-Za-z0-9-]{1,64}$", { type: "string", maxLength: 4_096 }, 40),
    render_js: flag("Show the page in a browser first. Costs more; js, js_scenario, waiting and scrolling need it."),
    js_scenario: list(
      "Steps to take on the page: click, fill, wait, scroll ...",
      { type: "object", maxProperties: 4 },
      50,
    ),
    asp: flag("Get past defences against scraping. Costs more."),
    proxy_pool: oneOf("Kind of addresses.", "public_datacenter_pool", "public_residential_pool"),
    format: matching(
      "^(raw|text|markdown|clean_html|json)(:[a-z_,]+)?$",
      "raw, text, markdown, clean_html or json.",
      128,
    ),
    lang: list("Languages the page is asked in, for example en-US.", matching("^[a-zA-Z-]{2,12}$", "A language."), 10),
    os: matching("^[a-z0-9]+$", "System the browser seems to run on.", 16),
    session: matching("^[\\w-]+$", "Calls with the same name share cookies and address.", 255),
    cost_budget: whole("Credits that the call may cost.", 1, 100_000),
    retry: flag("Let Scrapfly try again by itself; on unless false."),
    tags: list("For Scrapfly's statistics.", matching("^[\\w-]+$", "A tag."), 10),
  });
}

function scrape({ method = "GET", body, headers, js, js_scenario, ...args }: Arguments): VendorRequest {
  const sent = Object.entries(Object(headers) as Record<string, string>);
  const query = {
    format: "markdown",
    ...args,
    ...Object.fromEntries(sent.map(([name, value]) => [`headers[${name.toLowerCase()}]`, value])),
    js: encoded(js),
    js_scenario: js_scenario && encoded(JSON.stringify(js_scenario)),
  };
  const request = { method: method as NonNullable<VendorRequest["method"]>, path: "/scrape", query };
  if (body === undefined || method === "GET") return request;
  const type = sent.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  return { ...request, body: String(body), headers: { "content-type": type ?? "text/plain" } };
}

function encoded(value: unknown): string | undefined {
  return value === undefined ? undefined : Buffer.from(String(value)).toString("base64url");
}
