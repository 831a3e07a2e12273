// ScraperAPI: pages as text in several forms, shops as JSON, the key in the query.

import { type Case, replay } from "./replay.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

const data = (path: string, args: Record<string, string | number | boolean>, answer: object): Case => ({
  tool: path.replace("/", "_"),
  args,
  asks: {
    path: `/structured/${path}`,
    query: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, String(value)])),
  },
  answer: { body: answer },
});
const page = (
  args: Record<string, unknown>,
  query: Record<string, string>,
  answer: Case["answer"],
  more: Partial<Case> = {},
): Case => ({
  tool: "scrape",
  args: { url: "https://example.com/a?b=c&d", ...args },
  asks: { path: "/", query: { url: "https://example.com/a?b=c&d", ...query } },
  answer,
  ...more,
});

replay("scraperapi", { query: "api_key" }, [
  page(
    {},
    { output_format: "markdown" },
    { headers: { "content-type": "text/markdown; charset=utf-8" }, body: "# Exämple" },
  ),
  page(
    {
      output_format: "html",
      render: true,
      country_code: "us",
      device_type: "mobile",
      premium: true,
      session_number: 7,
    },
    { render: "true", country_code: "us", device_type: "mobile", premium: "true", session_number: "7" },
    { headers: { "content-type": "text/html; charset=iso-8859-1" }, body: Buffer.from("<p>caf\u00e9</p>", "latin1") },
    { shows: /^<p>café<\/p>$/ },
  ),
  page(
    { autoparse: true, output_format: "json" },
    { autoparse: "true", output_format: "json" },
    { body: { name: "Ball" } },
  ),
  page(
    { output_format: "text" },
    { output_format: "text" },
    { headers: { "content-type": "image/png" }, body: PNG },
    { image: { mimeType: "image/png", data: PNG.toString("base64") } },
  ),
  data(
    "google/search",
    { query: "cherry tomatoes", country_code: "us", tld: "com", num: 10, time_period: "1W", hl: "en", gl: "us" },
    {
      search_information: { total_results: 1 },
      organic_results: [{ position: 1, title: "Cherry tomato", link: "https://e.com" }],
    },
  ),
  {
    ...data("google/search", { query: "x", output_format: "csv" }, {}),
    answer: { headers: { "content-type": "text/csv" }, body: "position,title\n1,Cherry\n" },
  },
  data("google/news", { query: "space", date_range_start: "01/31/2026" }, { articles: [{ title: "S", source: "N" }] }),
  data("google/jobs", { query: "cook", start: 10 }, { jobs_results: [{ title: "Cook", company_name: "C" }] }),
  data(
    "google/shopping",
    { query: "ball", include_html: false },
    { shopping_results: [{ title: "Ball", price: "$9" }] },
  ),
  data(
    "google/mapssearch",
    { query: "cafe", latitude: 21.029738, longitude: -105.85, zoom: 12 },
    { results: [{ name: "Café" }] },
  ),
  data(
    "amazon/product",
    { asin: "B07FTKQ97Q", tld: "co.uk", country_code: "gb" },
    { name: "Animal Crossing", pricing: "$49.00" },
  ),
  data(
    "amazon/search",
    { query: "ball", page: 2, s: "price-asc-rank", i: "toys-and-games" },
    { results: [{ asin: "B07FTKQ97Q" }] },
  ),
  data("amazon/offers", { asin: "B07FTKQ97Q", condition: "f_new,f_usedgood" }, { listings: [{ price: "$45" }] }),
  data("walmart/search", { query: "ball", page: 1 }, { items: [{ id: "5029197970" }] }),
  data("walmart/product", { product_id: "5029197970" }, { product_name: "Ball" }),
  data("walmart/category", { category: "5438" }, { items: [] }),
  data(
    "walmart/review",
    { product_id: "5029197970", sort: "helpful", ratings: "4,5", verified_purchase: true },
    { reviews: [] },
  ),
  data(
    "ebay/search",
    { query: "camera", items_per_page: 60, condition: "used", buying_format: "auction" },
    { results: [] },
  ),
  data("ebay/product", { product_id: "166619046796" }, { title: "Camera" }),
  {
    tool: "account",
    args: {},
    asks: { path: "/account" },
    answer: {
      body: {
        concurrencyLimit: 20,
        concurrentRequests: 0,
        failedRequestCount: 3,
        requestCount: 100,
        requestLimit: 1000,
      },
    },
  },
]);
