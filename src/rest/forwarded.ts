// The client behind a proxy. X-Forwarded-For is believed only from the proxies that are configured, and only as far as
// they wrote it themselves: from the right, up to the first address that is none of them.

import { BlockList, isIP, isIPv6 } from "node:net";
import { BrokerError } from "../core/errors.ts";
import type { Caller } from "../dispatch/request.ts";

/** The caller as it is to be treated, given the peer and its X-Forwarded-For. */
export type ClientOf = (peer: Caller, forwardedFor: string | undefined) => Caller;

/**
 * `proxies`: addresses or subnets (`10.0.0.0/8`). Throws `config_invalid`. A request that came through a proxy, whichever,
 * has none of the privileges of this machine: they would be everybody's who can reach the proxy.
 */
export function createClientOf(proxies: readonly string[]): ClientOf {
  const trusted = new BlockList();
  for (const proxy of proxies) add(trusted, proxy);
  const isTrusted = (ip: string): boolean => isIP(ip) !== 0 && trusted.check(ip, family(ip));
  return (peer, forwardedFor) => {
    if (forwardedFor === undefined) return peer;
    const ip = isTrusted(peer.ip) ? client(forwardedFor, isTrusted) : undefined;
    return { ip: ip ?? peer.ip, loopback: false, trusted: false };
  };
}

/** The right-most address that no proxy of ours has; the left-most where all are ours. What is not an address ends it. */
function client(forwardedFor: string, isTrusted: (ip: string) => boolean): string | undefined {
  let ip: string | undefined;
  for (const entry of forwardedFor.split(",").reverse()) {
    const next = address(entry.trim());
    if (next === undefined) return ip;
    ip = next;
    if (!isTrusted(ip)) return ip;
  }
  return ip;
}

/** Without port, brackets and the prefix of IPv4 in IPv6. */
function address(entry: string): string | undefined {
  const ip = /^\[(.+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
  const plain = /^::ffff:(\d[\d.]+)$/i.exec(ip)?.[1] ?? ip;
  return isIP(plain) === 0 ? undefined : plain.toLowerCase();
}

function add(list: BlockList, proxy: string): void {
  const [ip = "", bits] = proxy.split("/");
  const most = isIPv6(ip) ? 128 : 32;
  if (isIP(ip) === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most))) {
    throw new BrokerError("config_invalid", `TRUSTED_PROXIES: "${proxy}" is no address and no subnet`, {
      param: "TRUSTED_PROXIES",
    });
  }
  if (bits === undefined) list.addAddress(ip, family(ip));
  else list.addSubnet(ip, Number(bits), family(ip));
}

function family(ip: string): "ipv4" | "ipv6" {
  return isIPv6(ip) ? "ipv6" : "ipv4";
}
