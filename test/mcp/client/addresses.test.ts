// Which addresses a redirect may not lead to: those of this machine and its network, in whatever form IPv6 wraps them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isPrivate } from "../../../src/mcp/client/addresses.ts";

const OWN: readonly [kind: string, ...addresses: string[]][] = [
  [
    "IPv4",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.31.0.1",
    "192.168.0.1",
    "224.0.0.1",
  ],
  ["IPv6", "::", "::1", "fd00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"],
  ["IPv4-mapped", "::ffff:127.0.0.1", "::ffff:7f00:1", "::FFFF:10.0.0.1", "0:0:0:0:0:ffff:c0a8:1"],
  ["IPv4-compatible", "::127.0.0.1", "::7f00:1", "::10.0.0.1"],
  ["IPv4-translated", "::ffff:0:127.0.0.1", "::ffff:0:7f00:1"],
  ["NAT64", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::a00:1"],
  ["6to4", "2002:7f00:1::", "2002:c0a8:101::1", "2002:0a00:0001:ffff::1"],
  ["Teredo", "2001:0:7f00:1::", "2001::80ff:fffe"],
  ["no address", "localhost", "", "127.1"],
];

for (const [kind, ...addresses] of OWN) {
  test(`${kind} of this machine or network is private`, () => {
    for (const address of addresses) assert.equal(isPrivate(address), true, address);
  });
}

test("what anybody can reach is not", () => {
  const open = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "::ffff:8.8.8.8", "::ffff:808:808", "2606:4700::1", "2001:4860::1"];
  for (const address of open) assert.equal(isPrivate(address), false, address);
});
