// The least params with which each method can be called; methods that need none are not named.

import type { MethodName } from "../../src/generated/types.ts";

const KEY = { key: "key_1" };

export const LEAST_PARAMS: Readonly<Partial<Record<MethodName, object>>> = {
  "session.authenticate": { token: "t" },
  "models.retrieve": { model: "m" },
  "models.route": { model: "m" },
  "chat.completions.create": { model: "m", messages: [{ role: "user", content: "Hello!" }] },
  "keys.create": { name: "k" },
  "keys.retrieve": KEY,
  "keys.update": KEY,
  "keys.rotate": KEY,
  "keys.revoke": KEY,
};
