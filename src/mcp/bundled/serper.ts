// Serper: Google's results as JSON, a POST for each kind, and a scraper on a host of its own. Documented in the
// playground of serper.dev; errors are `{message, statusCode}`.

import { flag, matching, object, oneOf, type Properties, type Schema, text, whole } from "./schema.ts";
import { post, type Vendor, type VendorTool } from "./vendor.ts";

const DEGREES = "-?\\d+(\\.\\d+)?";

const q = text("What to search for; Google's operators work.");
const place = {
  gl: matching("^[a-z]{2}$", "Country of the results, for example us."),
  hl: matching("^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})?$", "Language of the results, for example en."),
};
const location = text("Where to search from, for example San Francisco, California, United States.", 256);
const page = whole("Page of the results, from 1.", 1, 1_000);
const num = whole("Results on a page.", 1, 100);
const autocorrect = flag("Correct the spelling of the query; on unless false.");
const tbs = matching(
  "^[\\w:,.%/-]+$",
  "Google's time filter: qdr:h, qdr:d, qdr:w, qdr:m or qdr:y for the last hour to year.",
  128,
);
const cid = matching("^\\d+$", "CID of a place.", 32);
const placeId = matching("^[\\w-]+$", "Google's id of a place.", 512);

const COMMON = { q, ...place, location, page, num, autocorrect };
const TIMED = { ...COMMON, tbs };

export const SERPER: Vendor = {
  title: "Serper",
  baseUrl: "https://google.serper.dev",
  timeoutMs: 30_000,
  auth: { header: "x-api-key" },
  tools: [
    google("search", "Searches Google: results, knowledge graph, answer box, what people also ask.", TIMED),
    google("images", "Searches Google Images: title, picture and page of each.", TIMED),
    google("videos", "Searches Google Videos.", TIMED),
    google("places", "Searches Google's local results: name, address, rating, phone.", TIMED),
    tool("maps", "Searches Google Maps by q, cid or placeId.", [], {
      ...{ q, ...place, page, cid, placeId },
      ll: matching(`^@${DEGREES},${DEGREES},\\d+(\\.\\d+)?[a-z]$`, "Position and zoom, for example @40.69,-74.25,14z."),
    }),
    tool("reviews", "Reviews of a place on Google Maps, by fid, cid or placeId.", [], {
      ...{ ...place, cid, placeId },
      fid: matching("^0x[0-9a-f]+:0x[0-9a-f]+$", "FID of a place."),
      sortBy: oneOf("Order of the reviews.", "mostRelevant", "newest", "highestRating", "lowestRating"),
      topicId: text("Only reviews on this topic.", 128),
      nextPageToken: text("From the answer before, for its next page.", 1_024),
    }),
    google("news", "Searches Google News.", TIMED),
    google("shopping", "Searches Google Shopping: product, seller, price.", COMMON),
    tool("lens", "Finds pages with the same or a similar picture.", ["url"], { url: link("The picture."), ...place }),
    google("scholar", "Searches Google Scholar: publications with year and citations.", COMMON),
    google("patents", "Searches Google Patents.", { q, num, page }),
    google("autocomplete", "What Google suggests for the beginning of a query.", { q, ...place, location }),
    {
      name: "scrape",
      description: "Reads a web page: its text, metadata and, if asked for, markdown.",
      input: object(["url"], { url: link("The page."), includeMarkdown: flag("Give markdown too.") }),
      request: post("/scrape", "https://scrape.serper.dev/"),
    },
  ],
};

/** A search that takes a query. */
function google(name: string, description: string, properties: Properties): VendorTool {
  return tool(name, description, ["q"], properties);
}

function tool(name: string, description: string, required: readonly string[], properties: Properties): VendorTool {
  return { name, description, input: object(required, properties), request: post(`/${name}`) };
}

function link(description: string): Schema {
  return matching("^https?://", `${description} An http or https URL.`, 4_096);
}
