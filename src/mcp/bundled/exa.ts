// Exa: search by meaning, contents of pages, similar pages, answers with citations. Documented at exa.ai/docs; errors are
// `{requestId, error, tag}`. Search types and categories come and go, so they are bounded here, not listed.

import { anyOf, flag, json, list, matching, object, type Schema, text, whole } from "./schema.ts";
import { post, type Vendor } from "./vendor.ts";

const date = (description: string): Schema => {
  return matching("^\\d{4}-\\d{2}-\\d{2}(T[\\d:.]+(Z|[+-]\\d{2}:\\d{2})?)?$", `${description} ISO 8601.`, 40);
};
const link = matching("^https?://", "An http or https URL.", 4_096);
const domains = (description: string): Schema =>
  list(description, text("A domain, for example arxiv.org.", 253), 1_200);
const userLocation = matching("^[a-zA-Z]{2}$", "Country of the user, for example US.");

/** What of each page is given. */
const CONTENTS = {
  text: anyOf(
    "The text of the page, as markdown.",
    flag("All of it."),
    object([], {
      maxCharacters: whole("Characters at most.", 1, 1_000_000),
      includeHtmlTags: flag("Keep HTML tags."),
      verbosity: text("compact, standard or full.", 32),
    }),
  ),
  highlights: anyOf(
    "The passages that matter most.",
    flag("As Exa chooses."),
    object([], { query: text("What they are to be about."), maxCharacters: whole("Characters at most.", 1, 100_000) }),
  ),
  summary: anyOf(
    "A summary by a model.",
    flag("Of everything."),
    object([], { query: text("What it is to be about."), schema: json("JSON Schema of the summary.") }),
  ),
  maxAgeHours: whole("Oldest copy to take before the page is read anew; 0 always reads it, -1 never.", -1, 100_000),
  livecrawlTimeout: whole("Milliseconds for reading a page anew.", 1, 90_000),
  subpages: whole("Pages to follow from each.", 0, 100),
  subpageTarget: anyOf(
    "Which pages to follow.",
    text("A keyword.", 128),
    list("Keywords.", text("A keyword.", 128), 100),
  ),
  extras: object([], {
    links: whole("Links to give of each page.", 0, 1_000),
    imageLinks: whole("Pictures to give of each page.", 0, 1_000),
  }),
};

const FILTERS = {
  numResults: whole("Results to give; 10 unless said otherwise.", 1, 100),
  includeDomains: domains("Results from these domains only."),
  excludeDomains: domains("No results from these domains."),
  startPublishedDate: date("Published after this."),
  endPublishedDate: date("Published before this."),
  startCrawlDate: date("Found by Exa after this."),
  endCrawlDate: date("Found by Exa before this."),
  includeText: list("A phrase that the page has.", text("Up to 5 words.", 256), 5),
  excludeText: list("A phrase that the page lacks.", text("Up to 5 words.", 256), 5),
  contents: object([], CONTENTS),
};

export const EXA: Vendor = {
  title: "Exa",
  baseUrl: "https://api.exa.ai",
  timeoutMs: 90_000,
  auth: { header: "x-api-key" },
  tools: [
    {
      name: "search",
      description:
        "Searches the web by meaning. Gives pages with title, URL, date and, by `contents`, what is in them.",
      input: object(["query"], {
        query: text("What to search for, in natural language.", 8_192),
        type: matching(
          "^[a-z-]{1,32}$",
          "auto, fast, instant, deep-lite, deep or deep-reasoning; auto unless said otherwise.",
        ),
        category: text("company, people, research paper, news, personal site, financial report ...", 64),
        additionalQueries: list("Other wordings, for deep searches.", text("A query."), 10),
        userLocation,
        moderation: flag("Leave out what is unsafe."),
        ...FILTERS,
      }),
      request: post("/search"),
    },
    {
      name: "contents",
      description:
        "Reads pages by their URLs: text, highlights or a summary of each. `statuses` tells which could not be read.",
      input: object(["urls"], { urls: list("The pages.", link, 100), ...CONTENTS }),
      request: post("/contents"),
    },
    {
      name: "findSimilar",
      description: "Finds pages that are like a given page.",
      input: object(["url"], { url: link, excludeSourceDomain: flag("No pages of the same domain."), ...FILTERS }),
      request: post("/findSimilar"),
    },
    {
      name: "answer",
      description: "Answers a question from the web, with citations.",
      input: object(["query"], {
        query: text("The question.", 8_192),
        text: flag("Give the text of the pages cited."),
        systemPrompt: text("How to answer.", 16_384),
        outputSchema: json("JSON Schema of the answer."),
        userLocation,
      }),
      request: post("/answer"),
    },
  ],
};
