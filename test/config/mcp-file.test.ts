// The file that MCP_CONFIG_PATH names: what loads, where exactly a fault is said to be, what variables become.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { openMcpServers } from "../../src/config/mcp.ts";
import { parseMcp, readMcpFile } from "../../src/config/mcp-file.ts";
import { settingsOf } from "../../src/config/mcp-settings.ts";
import type { BrokerError } from "../../src/core/errors.ts";
import { type McpServerSettings, masked } from "../../src/core/mcp-server.ts";
import { ref } from "../support/mcp.ts";
import { tempFile } from "../support/temp.ts";
import { faultOf } from "./fault.ts";

describe("a configuration of MCP servers loads", () => {
  test("as a list, and as the map of desktop clients", () => {
    const list =
      '{"mcpServers":[{"name":"search","command":"node","args":["a.js"],"transport":"stdio"},{"name":"s p","url":"http://localhost:3001/sse","type":"sse"}]}';
    const map =
      "mcpServers:\n  search: { command: node, args: [a.js], transport: stdio }\n  's p': { url: 'http://localhost:3001/sse', type: sse }\n";
    const plain = (source: string) =>
      parseMcp(source, "m").map(({ slug, config: { name: _, ...config } }) => [slug, config]);
    assert.deepEqual(plain(list), plain(map));
    assert.equal(parseMcp(list, "m")[0]?.slug, "search");
    assert.match(parseMcp(list, "m")[1]?.slug ?? "", /^s-p--/);
  });

  test("with no servers", () => {
    assert.deepEqual(parseMcp('{"mcpServers":{}}', "m"), []);
    assert.deepEqual(parseMcp('{"mcpServers":[]}', "m"), []);
  });
});

describe("a faulty file is refused with its line:", () => {
  const map = (text: string): string => `mcpServers:\n  good: { command: x }\n  bad: ${text}\n`;
  for (const [name, source, line, reason] of [
    ["a member of no meaning", map("{ comand: x }"), 3, "mcpServers.bad.comand is not known here"],
    [
      "one in a list",
      "mcpServers:\n  - name: a\n    command: x\n  - name: b\n    urll: x\n",
      5,
      "mcpServers.1.urll is not known here",
    ],
    ["a wrong type", map("{ command: 5 }"), 3, "mcpServers.bad.command must be string"],
    ["neither command nor url", map("{}"), 3, "mcpServers.bad needs a command or a url, and not both"],
    ["both", map("{ command: x, url: 'http://a' }"), 3, "mcpServers.bad needs a command or a url, and not both"],
    [
      "a transport that does not fit",
      map("{ command: x, transport: sse }"),
      3,
      "mcpServers.bad.transport sse needs a url",
    ],
    ["and by its other name", map("{ url: 'http://a', type: stdio }"), 3, "mcpServers.bad.type stdio needs a command"],
    [
      "two that differ",
      map("{ url: 'http://a', type: sse, transport: http }"),
      3,
      "mcpServers.bad.type says something else",
    ],
    ["an unknown transport", map("{ url: 'http://a', type: ws }"), 3, "mcpServers.bad.type must be equal to one of"],
    ["another scheme", map("{ url: 'file:///etc/passwd' }"), 3, "mcpServers.bad.url must be an http or https URL"],
    [
      "credentials in a URL",
      map("{ url: 'http://me:secret@a' }"),
      3,
      "mcpServers.bad.url must have no credentials: use headers",
    ],
    [
      "a header's name",
      map("{ url: 'http://a', headers: { 'a b': x } }"),
      3,
      "mcpServers.bad.headers.a b is no name of a header",
    ],
    [
      "a variable's name",
      map("{ command: x, env: { 'a=b': x } }"),
      3,
      "mcpServers.bad.env.a=b is no name of a variable",
    ],
    [
      "a name that another has",
      "mcpServers:\n  - { name: a, command: x }\n  - { name: a, command: y }\n",
      3,
      'mcpServers.1 "a" and "a" are one name',
    ],
    ["no name in a list", "mcpServers:\n  - { command: x }\n", 2, "mcpServers.0 needs a name"],
    ["something else instead", "mcpServers: 5\n", 1, "mcpServers must be"],
    ["nothing", "", 1, "must be object"],
    ["no YAML", "mcpServers: [", 1, ""],
    ["more beside it", "mcpServers: {}\ninputs: []\n", 2, "inputs is not known here"],
  ] as const) {
    test(name, () => {
      const { message, facts } = faultOf(() => parseMcp(source, "m.yml"));
      assert.equal(facts.line, line, message);
      assert.ok(message.startsWith(`m.yml:${line}:`) && message.includes(reason), message);
      assert.ok(!message.includes("secret"), message);
    });
  }

  test("a file that is not there", () => {
    assert.match(faultOf(() => readMcpFile("/no/such/file")).message, /set MCP_CONFIG_PATH/);
  });
});

describe("variables", () => {
  const vars: Record<string, string> = { TOKEN: "top-secret-value", EMPTY: "", HOST: "example.org" };
  const lookup = (name: string): string | undefined => vars[name];

  test("are filled in wherever text may be secret or differ by machine, and are secrets then", () => {
    const settings = settingsOf(
      "s",
      { url: `https://${ref("HOST")}/mcp?key=${ref("TOKEN")}`, headers: { authorization: `Bearer ${ref("TOKEN")}` } },
      lookup,
    );
    assert.equal(settings.url, "https://example.org/mcp?key=top-secret-value");
    assert.equal(settings.headers.authorization, "Bearer top-secret-value");
    assert.equal(settings.fault, undefined);
    const told = masked("Bearer top-secret-value, key=top-secret-value", settings.secrets);
    assert.equal(told, "…, key=…");
  });

  test("have defaults, for what is not set and for what is empty", () => {
    const { args, fault } = settingsOf(
      "s",
      { command: "x", args: [ref("NONE:-a"), ref("EMPTY:-b"), ref("EMPTY"), ref("NONE:-")] },
      lookup,
    );
    assert.deepEqual(args, ["a", "b", "", ""]);
    assert.equal(fault, undefined);
  });

  for (const [name, config, fault] of [
    ["that are not set", { command: ref("NONE") }, "the variable NONE is not set"],
    ["that make a URL of another scheme", { url: ref("TOKEN") }, "must be an http or https URL"],
    [
      "that make a header of two lines",
      { url: "http://a", headers: { a: ref("LINES") } },
      "the header a has a character that no header has",
    ],
  ] as const) {
    test(`${name} are the fault of that server`, () => {
      vars.LINES = "a\r\nb: c";
      assert.equal(settingsOf("s", config, lookup).fault, fault);
    });
  }

  test("are looked for once: a value is not looked into", () => {
    vars.NESTED = ref("TOKEN");
    assert.deepEqual(settingsOf("s", { command: "x", args: [ref("NESTED")] }, lookup).args, [ref("TOKEN")]);
  });
});

describe("a reload", () => {
  const one = '{"mcpServers":{"a":{"command":"x"}}}';
  const names = (servers: readonly McpServerSettings[]): string[] => servers.map(({ name }) => name);

  test("puts a good file in force when it is asked to, and keeps the old one otherwise", (t) => {
    const path = tempFile(t, "mcp.json", one);
    const changes: string[][] = [];
    const mcp = openMcpServers({ path, lookup: () => undefined, changed: (servers) => changes.push(names(servers)) });
    assert.deepEqual(names(mcp.servers), ["a"]);
    writeFileSync(path, '{"mcpServers":{"b":{"command":"x"}}}');
    const putInForce = mcp.read();
    assert.deepEqual(names(mcp.servers), ["a"], "reading alone changes nothing");
    putInForce();
    assert.deepEqual(names(mcp.servers), ["b"]);
    writeFileSync(path, "{");
    assert.match(faultOf(() => mcp.read()).message, /mcp.json:1:/);
    assert.deepEqual(names(mcp.servers), ["b"]);
    assert.match(mcp.fault ?? "", /mcp.json/);
    writeFileSync(path, one);
    mcp.read()();
    assert.equal(mcp.fault, undefined);
    assert.deepEqual(changes, [["b"], ["a"]]);
  });

  test("comes by itself when the file changes", async (t) => {
    const path = tempFile(t, "mcp.json", one);
    const mcp = openMcpServers({ path, lookup: () => undefined, changed: () => {} });
    t.after(() => mcp.close());
    const told = new Promise<BrokerError | undefined>((resolve) => mcp.watch(resolve));
    // More than once: what is there at its first look is no change to it.
    const next = '{"mcpServers":{"c":{"command":"x"},"d":{"command":"y"}}}';
    const writing = setInterval(() => writeFileSync(path, next), 700);
    t.after(() => clearInterval(writing));
    assert.equal(await told, undefined);
    assert.deepEqual(names(mcp.servers), ["c", "d"]);
  });

  test("without a file there are no servers", () => {
    const mcp = openMcpServers({ path: undefined, lookup: () => undefined, changed: () => {} });
    mcp.read()();
    assert.deepEqual(mcp.servers, []);
  });

  test("a faulty file at the start is a fault of the start", (t) => {
    const path = tempFile(t, "mcp.json", "[]");
    faultOf(() => openMcpServers({ path, lookup: () => undefined, changed: () => {} }));
  });
});
