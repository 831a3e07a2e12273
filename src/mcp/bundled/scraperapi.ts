// ScraperAPI: pages through its proxies, and shops and search engines as structured data. The key is in the query.
// Documented at docs.scraperapi.com; errors are a sentence of plain text. It tries for up to 70 s by itself.

import { decimal, flag, matching, object, oneOf, type Properties, type Schema, text, whole } from "./schema.ts";
import { get, type Vendor, type VendorTool } from "./vendor.ts";

const country_code = matching("^[a-zA-Z]{2}$", "Country to ask from, for example us.");
const query = text("What to search for.");
const page = whole("Page of the results, from 1.", 1, 1_000);
const include_html = flag("Give the page's HTML too.");

const COMMON = {
  country_code,
  tld: matching("^[a-z]{2,3}(\\.[a-z]{2})?$", "Domain of the site, for example com or co.uk."),
  output_format: oneOf("json unless said otherwise.", "json", "csv"),
};

const GOOGLE = {
  query,
  ...COMMON,
  uule: text("Google's code of a place to search from.", 512),
  hl: matching("^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})?$", "Language, for example en."),
  gl: country_code,
  num: whole("Results on a page.", 1, 100),
  start: whole("Results to pass over.", 0, 10_000),
};
const day = (which: string): Schema => matching("^\\d{2}/\\d{2}/\\d{4}$", `${which} day, MM/DD/YYYY.`);
const PERIOD = {
  time_period: oneOf("Only results of the last hour, day, week, month or year.", "1H", "1D", "1W", "1M", "1Y"),
  date_range_start: day("First"),
  date_range_end: day("Last"),
};

const AMAZON = { ...COMMON, language: matching("^[a-z]{2}_[A-Z]{2}$", "Language of the texts, for example en_US.") };
const asin = matching("^[A-Za-z0-9]{10}$", "Amazon's id of the product, for example B08N5WRWNW.");
const product_id = matching("^[A-Za-z0-9]+$", "The shop's id of the product.", 32);
const words = (description: string): Schema => matching("^[\\w,-]+$", description, 256);

export const SCRAPERAPI: Vendor = {
  title: "ScraperAPI",
  baseUrl: "https://api.scraperapi.com",
  timeoutMs: 90_000,
  auth: { query: "api_key" },
  tools: [
    {
      name: "scrape",
      description: "Reads a web page through ScraperAPI's proxies, as markdown unless another format is asked for.",
      input: object(["url"], {
        url: matching("^https?://", "The page. An http or https URL.", 8_192),
        render: flag("Run the page's JavaScript first. Costs more."),
        wait_for_selector: text("With render: wait for this CSS selector.", 512),
        country_code,
        premium: flag("Ask from residential addresses. Costs more."),
        ultra_premium: flag("For pages that defend themselves. Costs more; not with premium."),
        device_type: oneOf("Whose page.", "desktop", "mobile"),
        session_number: whole("Calls with the same one come from the same address.", 0, 2 ** 31 - 1),
        output_format: oneOf("json and csv with autoparse only.", "markdown", "text", "html", "json", "csv"),
        autoparse: flag("Structured data, for sites that ScraperAPI knows."),
        max_cost: whole("Credits that the call may cost.", 1, 100_000),
      }),
      request: ({ output_format = "markdown", ...query }) => ({
        path: "/",
        query: { ...query, output_format: output_format === "html" ? undefined : output_format }, // HTML has no name there
        expects: "any",
      }),
    },
    data("google/search", "Searches Google.", ["query"], {
      ...{ ...GOOGLE, ...PERIOD, include_html },
      tbs: text("Google's filter.", 128),
    }),
    data("google/news", "Searches Google News.", ["query"], { ...GOOGLE, ...PERIOD }),
    data("google/jobs", "Searches Google Jobs.", ["query"], GOOGLE),
    data("google/shopping", "Searches Google Shopping.", ["query"], { ...GOOGLE, include_html }),
    data("google/mapssearch", "Searches Google Maps around a place.", ["query"], {
      ...{ ...COMMON, query, include_html },
      latitude: decimal("In degrees.", -90, 90),
      longitude: decimal("In degrees.", -180, 180),
      zoom: whole("3 shows a country, 10 a city, 15 a street.", 0, 22),
    }),
    data("amazon/product", "A product on Amazon: name, price, pictures, reviews.", ["asin"], {
      ...AMAZON,
      asin,
      include_html,
    }),
    data("amazon/search", "Searches Amazon.", ["query"], {
      ...{ ...AMAZON, query, page },
      s: words("Order: price-asc-rank, price-desc-rank, review-rank, date-desc-rank ..."),
      i: words("Department, for example electronics."),
    }),
    data("amazon/offers", "Sellers and prices of a product on Amazon.", ["asin"], {
      ...{ ...AMAZON, asin },
      condition: words("By commas: f_new, f_usedlikenew, f_usedverygood, f_usedgood, f_usedacceptable."),
    }),
    data("walmart/search", "Searches Walmart.", ["query"], { ...COMMON, query, page }),
    data("walmart/product", "A product at Walmart.", ["product_id"], { ...COMMON, product_id }),
    data("walmart/category", "Products of a category at Walmart.", ["category"], {
      ...{ ...COMMON, page },
      category: words("Its id."),
    }),
    data("walmart/review", "Reviews of a product at Walmart.", ["product_id"], {
      ...{ ...COMMON, product_id, page },
      sort: words("helpful, recent ..."),
      ratings: words("Stars, by commas."),
      verified_purchase: flag("Only reviews by buyers."),
    }),
    data("ebay/search", "Searches eBay.", ["query"], {
      ...{ ...COMMON, query, page },
      items_per_page: whole("Results on a page.", 1, 240),
      seller_id: text("Only of this seller.", 128),
      condition: words("By commas: new, used, open_box, refurbished, for_parts, not_working."),
      buying_format: oneOf("How it is sold.", "buy_it_now", "auction", "accepts_offers"),
      show_only: words("By commas: returns_accepted, sold_items, completed_items, sale_items ..."),
      sort_by: words("best_match, ending_soonest, newly_listed, price_lowest, price_highest or distance_nearest."),
    }),
    data("ebay/product", "An article on eBay.", ["product_id"], { ...COMMON, product_id }),
    {
      name: "account",
      description: "Requests made and left of the account.",
      input: object([], {}),
      request: get("/account"),
    },
  ],
};

/** A structured data endpoint; `amazon/product` is the tool `amazon_product`. */
function data(path: string, description: string, required: readonly string[], properties: Properties): VendorTool {
  const name = path.replace("/", "_");
  return {
    name,
    description: `${description} Structured data.`,
    input: object(required, properties),
    request: (query) => ({
      path: `/structured/${path}`,
      query,
      expects: query.output_format === "csv" ? "any" : "json",
    }),
  };
}
