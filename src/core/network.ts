// Whose address it is: a household or a rented machine has one IPv4 address, but 2^64 of IPv6, the /64 that they are in.

/** The address itself, or the /64 of one of IPv6; the same text for the same network. */
export function networkOf(ip: string): string {
  if (!ip.includes(":") || ip.startsWith("unix:")) return ip;
  const [head = "", tail] = ip.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const behind = tail === "" ? 0 : tail.split(":").length + (tail.includes(".") ? 1 : 0);
    while (groups.length + behind < 8) groups.push("0");
  }
  const network = groups.concat(tail?.split(":") ?? []).slice(0, 4);
  return `${network.map((group) => Number.parseInt(group || "0", 16).toString(16)).join(":")}::/64`;
}
