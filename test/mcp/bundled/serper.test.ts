// Serper: one POST a kind of search, the key in a header.

import { type Case, replay } from "./replay.ts";

const searched = (kind: string, args: object, answer: object): Case => ({
  tool: kind,
  args: { ...args },
  asks: { method: "POST", path: `/${kind}`, json: args },
  headers: { "content-type": "application/json" },
  answer: { body: { searchParameters: { ...args, type: kind, engine: "google" }, ...answer, credits: 1 } },
});

replay("serper", { header: "x-api-key" }, [
  searched(
    "search",
    {
      q: "apple inc",
      gl: "us",
      hl: "en",
      num: 10,
      page: 1,
      tbs: "qdr:d",
      autocorrect: false,
      location: "Austin, Texas",
    },
    {
      knowledgeGraph: { title: "Apple", type: "Technology company", website: "http://www.apple.com/" },
      organic: [{ title: "Apple", link: "https://www.apple.com/", snippet: "Discover ...", position: 1 }],
      peopleAlsoAsk: [
        {
          question: "What does Apple Inc do?",
          snippet: "Apple designs ...",
          title: "Apple Inc.",
          link: "https://e.com",
        },
      ],
      relatedSearches: [{ query: "Who invented the iPhone" }],
    },
  ),
  searched(
    "images",
    { q: "cat" },
    { images: [{ title: "Cat", imageUrl: "https://i/c.jpg", imageWidth: 8, imageHeight: 8 }] },
  ),
  searched("videos", { q: "cat" }, { videos: [{ title: "Cats", link: "https://v", duration: "1:02" }] }),
  searched(
    "places",
    { q: "cafe", location: "Oslo" },
    { places: [{ title: "Café", address: "Oslo", rating: 4.5, cid: "12" }] },
  ),
  searched(
    "maps",
    { q: "cafe", ll: "@59.91,10.75,14z" },
    { ll: "@59.91,10.75,14z", places: [{ title: "Café", latitude: 59.9 }] },
  ),
  searched("maps", { cid: "1234567890" }, { places: [] }),
  searched(
    "reviews",
    { fid: "0x47e66fdad6f1cc73:0x341211b3fccd79e1", sortBy: "newest" },
    { reviews: [{ rating: 5, snippet: "ok" }] },
  ),
  searched(
    "news",
    { q: "tesla", tbs: "qdr:h" },
    { news: [{ title: "T", link: "https://n", date: "1 hour ago", source: "S" }] },
  ),
  searched("shopping", { q: "shoes", num: 40 }, { shopping: [{ title: "Shoe", source: "Shop", price: "$60.00" }] }),
  searched("lens", { url: "https://i/c.jpg" }, { organic: [{ title: "Cat", source: "W", link: "https://w" }] }),
  searched("scholar", { q: "llm" }, { organic: [{ title: "P", publicationInfo: "A, 2023", year: 2023, citedBy: 7 }] }),
  searched(
    "patents",
    { q: "engine", num: 10 },
    { organic: [{ title: "E", publicationNumber: "US1A", inventor: "X" }] },
  ),
  searched("autocomplete", { q: "app" }, { suggestions: [{ value: "apple" }, { value: "apple store" }] }),
  {
    tool: "scrape",
    args: { url: "https://example.com", includeMarkdown: true },
    asks: { method: "POST", path: "/scrape", json: { url: "https://example.com", includeMarkdown: true } },
    answer: {
      body: { text: "Example Domain", markdown: "# Example Domain", metadata: { title: "Example" }, credits: 2 },
    },
  },
]);
