// Which addresses belong to this machine or its network. Redirects are led there only where the configuration says so, and
// since a name can change its address, what counts is the address that is connected to.

import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  PRIVATE.addSubnet(net, prefix, "ipv4");
}
for (const [net, prefix] of [
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
  // Those that an IPv4 address is part of (compatible, translated, NAT64, Teredo, 6to4) as a whole: it may be a private one.
  ["::", 96],
  ["::ffff:0:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2001::", 32],
  ["2002::", 16],
] as const) {
  PRIVATE.addSubnet(net, prefix, "ipv6");
}

/** IPv4 addresses written as IPv6 are looked at as IPv4. */
export function isPrivate(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  if (isIP(plain) === 0) return true;
  return PRIVATE.check(plain, isIP(plain) === 4 ? "ipv4" : "ipv6");
}

/** Finds addresses as usual, and fails for those of this machine or network. */
export const publicLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error, "", 0);
    const open = found.filter(({ address }) => !isPrivate(address));
    const [first] = open;
    if (first === undefined) return done(new PrivateAddress(), "", 0);
    if (options.all) return done(null, open);
    return done(null, first.address, first.family);
  });
};

export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";

  constructor() {
    super("redirected to a private address: set allow_private_redirects if that is meant");
  }
}
