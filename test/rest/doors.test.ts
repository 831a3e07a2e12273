// The pure decisions at the door: hosts and origins, CORS, forwarded addresses, and where text stops being JSON.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BrokerError } from "../../src/core/errors.ts";
import type { Caller } from "../../src/dispatch/request.ts";
import { createCors } from "../../src/rest/cors.ts";
import { createClientOf } from "../../src/rest/forwarded.ts";
import { jsonFaultAt } from "../../src/rest/json-fault.ts";
import { originFault } from "../../src/rest/origin.ts";

describe("hosts and origins of callers on this machine", () => {
  const rules = { allowedHosts: ["broker.lan"], cors: ["https://app.example"] };
  const rows: readonly (readonly [host: string | undefined, origin: string | undefined, kind: string | undefined])[] = [
    ["localhost", undefined, undefined],
    ["LOCALHOST:3385", undefined, undefined],
    ["localhost.", undefined, undefined],
    ["127.0.0.1:3385", undefined, undefined],
    ["127.1.2.3", undefined, undefined],
    ["[::1]:3385", undefined, undefined],
    ["broker.lan:3385", undefined, undefined],
    [undefined, undefined, undefined],
    ["evil.example", undefined, "forbidden"],
    ["127.0.0.1.evil.example", undefined, "forbidden"],
    ["localhost.evil.example", undefined, "forbidden"],
    ["192.168.1.5", undefined, "forbidden"],
    ["0.0.0.0:3385", undefined, "forbidden"],
    ["[::]", undefined, "forbidden"],
    ["", undefined, "invalid_request"],
    ["a b", undefined, "invalid_request"],
    ["localhost@evil.example", undefined, "invalid_request"],
    ["localhost:x", undefined, "invalid_request"],
    ["localhost:3385", "http://localhost:3385", undefined],
    ["localhost:3385", "https://localhost:3385", undefined],
    ["localhost:3385", "https://app.example", undefined],
    ["localhost:3385", "http://localhost:5173", "forbidden"],
    ["localhost:3385", "https://evil.example", "forbidden"],
    ["localhost:3385", "null", "forbidden"],
    ["evil.example", "http://evil.example", "forbidden"],
    [undefined, "http://undefined", "forbidden"],
  ];
  for (const [host, origin, kind] of rows) {
    test(`host ${host}, origin ${origin}: ${kind ?? "may call"}`, () => {
      assert.equal(originFault(host, origin, rules)?.kind, kind);
    });
  }

  test("`*` lets every origin call, but no foreign host", () => {
    const open = { allowedHosts: [], cors: ["*"] };
    assert.equal(originFault("localhost", "https://any.example", open), undefined);
    assert.equal(originFault("any.example", "https://any.example", open)?.kind, "forbidden");
  });
});

describe("CORS", () => {
  const map = (headers: readonly string[]) =>
    Object.fromEntries(Array.from({ length: headers.length / 2 }, (_, at) => [headers[2 * at], headers[2 * at + 1]]));

  test("off: no header at all", () => {
    const cors = createCors([]);
    assert.deepEqual(cors.headers("https://app.example"), []);
    assert.equal(cors.isAllowed("https://app.example"), false);
  });

  test("exact origins are named, others are told nothing but that it matters", () => {
    const cors = createCors(["https://app.example", "https://b.example"]);
    const headers = map(cors.headers("https://b.example"));
    assert.equal(headers["access-control-allow-origin"], "https://b.example");
    assert.equal(headers.vary, "Origin");
    assert.match(headers["access-control-expose-headers"] ?? "", /x-request-id.*x-broker-cost/);
    for (const origin of [undefined, "https://evil.example", "https://app.example.evil", "null", "*"]) {
      assert.deepEqual(cors.headers(origin), ["vary", "Origin"], String(origin));
    }
  });

  test("`*` allows any, and nobody's credentials", () => {
    const cors = createCors(["*"]);
    const headers = map([...cors.headers("https://any.example"), ...cors.preflight("POST", "authorization")]);
    assert.equal(headers["access-control-allow-origin"], "*");
    assert.ok(!("access-control-allow-credentials" in headers));
    assert.ok(cors.isAllowed("https://any.example"));
  });

  test("a preflight allows the headers that SDKs send, of those asked for", () => {
    const cors = createCors(["*"]);
    const asked = "Authorization,content-type, X-Stainless-OS , cookie,\tx-api-key,x bad";
    const headers = map(cors.preflight("GET, HEAD", asked));
    assert.equal(headers["access-control-allow-headers"], "authorization, content-type, x-stainless-os, x-api-key");
    assert.equal(headers["access-control-allow-methods"], "GET, HEAD");
  });
});

describe("clients behind proxies", () => {
  const clientOf = createClientOf(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
  const peer = (ip: string): Caller => ({ ip, loopback: ip.startsWith("127."), trusted: false });
  const rows: readonly (readonly [peer: string, forwarded: string | undefined, ip: string, loopback: boolean])[] = [
    ["127.0.0.1", undefined, "127.0.0.1", true],
    ["127.0.0.1", "203.0.113.5", "203.0.113.5", false],
    ["127.0.0.1", "127.0.0.1, 203.0.113.5", "203.0.113.5", false],
    ["127.0.0.1", "198.51.100.1, 203.0.113.5, 10.1.2.3", "203.0.113.5", false],
    ["127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9", false],
    ["127.0.0.1", "127.0.0.1", "127.0.0.1", false],
    ["10.1.1.1", "::ffff:203.0.113.5", "203.0.113.5", false],
    ["10.1.1.1", "[2001:DB8::1]:443", "2001:db8::1", false],
    ["10.1.1.1", "203.0.113.5:1234", "203.0.113.5", false],
    ["fd00::1", "203.0.113.5", "203.0.113.5", false],
    ["127.0.0.1", "junk", "127.0.0.1", false],
    ["127.0.0.1", "203.0.113.9, junk, 10.1.1.1", "10.1.1.1", false],
    ["192.0.2.1", "127.0.0.1", "192.0.2.1", false],
    ["unix:0", "127.0.0.1", "unix:0", false],
  ];
  for (const [from, forwarded, ip, loopback] of rows) {
    test(`${from} forwards "${forwarded}": ${ip}`, () => {
      const caller = clientOf(peer(from), forwarded);
      assert.equal(caller.ip, ip);
      assert.equal(caller.loopback, loopback);
    });
  }

  test("without configured proxies the header names nobody, and takes the privileges of this machine away", () => {
    const none = { ip: "127.0.0.1", loopback: false, trusted: false };
    assert.deepEqual(createClientOf([])(peer("127.0.0.1"), "203.0.113.5"), none);
    const owner = { ip: "unix:0", loopback: true, trusted: true };
    assert.deepEqual(createClientOf([])(owner, "203.0.113.5"), { ip: "unix:0", loopback: false, trusted: false });
    assert.equal(createClientOf([])(owner, undefined), owner);
  });

  for (const proxy of ["nonsense", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "fd00::/129", ""]) {
    test(`"${proxy}" stops the start`, () => {
      assert.throws(() => createClientOf([proxy]), {
        name: "BrokerError",
        kind: "config_invalid",
      } as Partial<BrokerError>);
    });
  }
});

describe("the place of a fault in JSON", () => {
  const rows: readonly (readonly [text: string, at: number])[] = [
    ["", 0],
    ["  ", 2],
    ["nul", 3],
    ["trux", 3],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ["{a:1}", 1],
    ['{"a" 1}', 5],
    ["[1 2]", 3],
    ["[1,]", 3],
    ["[1", 2],
    ['"abc', 4],
    ['"a\nb"', 2],
    ['"\\x"', 2],
    ['"\\u12g4"', 5],
    ["01", 1],
    ["-", 1],
    ["1.", 2],
    ["1e+", 3],
    ["{} x", 3],
    ["'a'", 0],
    ['{"a":NaN}', 5],
  ];
  for (const [text, at] of rows) test(JSON.stringify(text), () => assert.equal(jsonFaultAt(text), at));

  test("agrees with JSON.parse on what is JSON, whatever single character is put in", () => {
    const text = '{"a":[1,-2.5e+3,true,null,"x\\u00e9\\n"],"b":{"c":{}},"d":[]}';
    for (let at = 0; at <= text.length; at++) {
      for (const char of ["", ...'{}[]:,"\\0-.e+tnu \n\u0001é']) {
        for (const broken of [
          text.slice(0, at) + char + text.slice(at),
          text.slice(0, at) + char + text.slice(at + 1),
        ]) {
          const fault = jsonFaultAt(broken);
          const prefix = broken.slice(0, fault);
          assert.equal(jsonFaultAt(prefix), prefix.length, `${broken}: what stands before the fault is no fault`);
          const told = parserFault(broken);
          if (told !== "untold") assert.equal(fault, told ?? broken.length, broken);
          else assert.ok(fault < broken.length, broken);
        }
      }
    }
  });
});

/** Where the engine says that the fault is; nothing for JSON; its message often has no place. */
function parserFault(text: string): number | "untold" | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (cause) {
    const { message } = cause as Error;
    if (message === "Unexpected end of JSON input") return text.length;
    const position = / at position (\d+)/.exec(message)?.[1];
    return position === undefined ? "untold" : Number(position);
  }
}
