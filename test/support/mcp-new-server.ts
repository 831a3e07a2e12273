// A server of the newer era over stdio, made with the SDK.

import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { newServer } from "./mcp-http.ts";

serveStdio(newServer);
