// Compares an answer with an expectation that names volatile parts by kind: "<any>", "<string>", "<number>", "<integer>",
// "<boolean>". An object with a member "...": true may have more members; a list that ends with "..." may have more items.

import assert from "node:assert/strict";

export function match(actual: unknown, expected: unknown, path = "$"): void {
  if (typeof expected === "string" && /^<\w+>$/.test(expected)) {
    matchKind(actual, expected.slice(1, -1), path);
  } else if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${path} must be a list, is ${JSON.stringify(actual)}`);
    const open = expected.at(-1) === "...";
    const items = open ? expected.slice(0, -1) : expected;
    if (!open) assert.equal(actual.length, items.length, `${path} has ${actual.length} items`);
    for (const [index, item] of items.entries()) match(actual[index], item, `${path}[${index}]`);
  } else if (typeof expected === "object" && expected !== null) {
    assert.ok(
      typeof actual === "object" && actual !== null && !Array.isArray(actual),
      `${path} must be an object, is ${JSON.stringify(actual)}`,
    );
    const { "...": open, ...members } = expected as Record<string, unknown>;
    for (const [name, value] of Object.entries(members))
      match((actual as Record<string, unknown>)[name], value, `${path}.${name}`);
    if (open !== true)
      assert.deepEqual(Object.keys(actual).sort(), Object.keys(members).sort(), `${path} has other members`);
  } else {
    assert.deepEqual(actual, expected, path);
  }
}

function matchKind(actual: unknown, kind: string, path: string): void {
  const holds =
    kind === "any" ? actual !== undefined : kind === "integer" ? Number.isSafeInteger(actual) : typeof actual === kind;
  assert.ok(holds, `${path} must be ${kind}, is ${JSON.stringify(actual)}`);
}
