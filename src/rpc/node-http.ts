// node:http, required. An import reads everything that a module exports, and behind node:http's WebSocket stands node's own
// fetch: 14 MB and 30 ms that nobody asked for. Types can be imported.

import { createRequire } from "node:module";

const http = createRequire(import.meta.url)("node:http") as typeof import("node:http");

export const { IncomingMessage, Server, STATUS_CODES } = http;
