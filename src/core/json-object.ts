// What JSON calls an object: arrays and null, which JavaScript calls objects too, are none.

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
