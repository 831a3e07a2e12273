// A forward proxy as organisations have one: tunnels by CONNECT, passes plain requests on, wants credentials if told so. The
// names behind it are its own: each stands for a port of this machine.

import { createServer, request as send } from "node:http";
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { listening } from "./listen.ts";

export interface ForwardProxy {
  readonly port: number;
  /** `CONNECT host:port` and `POST http://host/path`, in order. */
  readonly seen: readonly string[];
}

export interface ForwardProxyOptions {
  /** Ports by `host:port`. */
  readonly names: Readonly<Record<string, number>>;
  /** `user:password`; who does not bring it gets 407. */
  readonly credentials?: string;
}

/** Closed after the test. */
export async function openProxy(t: TestContext, { names, credentials }: ForwardProxyOptions): Promise<ForwardProxy> {
  const seen: string[] = [];
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`;
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "");
    seen.push(`${incoming.method} ${url.href}`);
    const { "proxy-authorization": given, ...headers } = incoming.headers;
    const port = names[`${url.hostname}:${url.port || 80}`];
    if ((wanted && given !== wanted) || port === undefined) {
      outgoing.writeHead(wanted && given !== wanted ? 407 : 502).end();
      return;
    }
    const options = { host: "127.0.0.1", port, method: incoming.method, path: url.pathname + url.search, headers };
    const onward = send(options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on("connect", (request, client) => {
    seen.push(`CONNECT ${request.url}`);
    const port = names[request.url ?? ""];
    const refused = wanted && request.headers["proxy-authorization"] !== wanted ? 407 : port === undefined ? 502 : 0;
    client.on("error", () => {});
    if (refused) {
      client.end(`HTTP/1.1 ${refused} No\r\n\r\n`);
      return;
    }
    const onward = connect(port as number, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(onward).pipe(client);
    });
    onward.on("error", () => client.destroy());
    client.on("close", () => onward.destroy());
  });
  return { port: await listening(t, server), seen };
}
