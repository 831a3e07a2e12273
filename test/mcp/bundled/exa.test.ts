// Exa: JSON both ways, the key in a header.

import { type Case, replay } from "./replay.ts";

const asked = (tool: string, args: object, answer: object): Case => ({
  tool,
  args: { ...args },
  asks: { method: "POST", path: `/${tool}`, json: args },
  headers: { "content-type": "application/json" },
  answer: { body: { requestId: "b5947044c4b78efa9552a7c89b306d95", ...answer, costDollars: { total: 0.007 } } },
});

const found = {
  id: "https://arxiv.org/abs/2307.06435",
  url: "https://arxiv.org/abs/2307.06435",
  title: "A Comprehensive Overview",
};

replay("exa", { header: "x-api-key" }, [
  asked(
    "search",
    {
      ...{
        query: "Latest research in LLMs",
        type: "auto",
        category: "research paper",
        numResults: 2,
        userLocation: "US",
      },
      ...{
        includeDomains: ["arxiv.org"],
        startPublishedDate: "2023-01-01",
        endPublishedDate: "2023-12-31T00:00:00.000Z",
      },
      contents: {
        ...{ text: { maxCharacters: 1000 }, highlights: true, summary: { query: "Main developments" } },
        ...{ maxAgeHours: 24, subpages: 1, subpageTarget: "sources", extras: { links: 1, imageLinks: 1 } },
      },
    },
    {
      results: [
        {
          ...found,
          publishedDate: "2023-11-16T01:36:32.547Z",
          author: "H. Naveed",
          text: "Large ...",
          highlights: ["LLMs"],
        },
      ],
    },
  ),
  asked("search", { query: "x", type: "deep", additionalQueries: ["y"] }, { results: [] }),
  asked(
    "contents",
    { urls: [found.url, "https://gone.example"], text: true },
    {
      results: [{ ...found, text: "Large Language Models ..." }],
      statuses: [
        { id: found.url, status: "success" },
        { id: "https://gone.example", status: "error", error: { tag: "CRAWL_NOT_FOUND", httpStatusCode: 404 } },
      ],
    },
  ),
  asked(
    "findSimilar",
    { url: found.url, excludeSourceDomain: true, numResults: 3 },
    { results: [{ ...found, score: 0.4 }] },
  ),
  asked("answer", { query: "What is SpaceX worth?", text: true }, { answer: "$350 billion.", citations: [found] }),
  asked(
    "answer",
    { query: "x", outputSchema: { type: "object", properties: { a: { type: "string" } } } },
    { answer: { a: "b" }, citations: [] },
  ),
]);
