// Reference raw-http: a node:http server piping to http.request over a keep-alive agent. No logic at all.

import { Agent, createServer, request } from "node:http";
import { announce, argument } from "./announce.ts";

const port = Number(argument(0, "upstream port"));
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (incoming, outgoing) => {
  const upstream = request(
    { host: "127.0.0.1", port, agent, method: incoming.method, path: incoming.url, headers: incoming.headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  upstream.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) upstream.destroy();
  });
  incoming.pipe(upstream);
});
server.listen(0, "127.0.0.1", 1024, () => announce(server));
