import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { operationOf, passedOn, traceContext } from "../../src/core/trace.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const HEADER = `00-${TRACE}-${SPAN}-01`;

describe("a traceparent", () => {
  test("is read as the caller's trace, span and flags", () => {
    assert.deepEqual(traceContext(HEADER), { traceId: TRACE, spanId: SPAN, flags: 1 });
    assert.deepEqual(traceContext(`00-${TRACE}-${SPAN}-00`)?.flags, 0);
    assert.equal(passedOn(HEADER), HEADER);
  });

  test("of a later version may say more", () => {
    for (const header of [`01-${TRACE}-${SPAN}-01`, `cc-${TRACE}-${SPAN}-01-what-the-future-brings`]) {
      assert.deepEqual(traceContext(header), { traceId: TRACE, spanId: SPAN, flags: 1 }, header);
      assert.equal(passedOn(header), header);
    }
  });

  const faulty: Record<string, string> = {
    nothing: "",
    words: "please",
    "version ff": `ff-${TRACE}-${SPAN}-01`,
    "more than version 00 has": `${HEADER}-more`,
    "a trace of zeros": `00-${"0".repeat(32)}-${SPAN}-01`,
    "a span of zeros": `00-${TRACE}-${"0".repeat(16)}-01`,
    "capital letters": HEADER.toUpperCase(),
    "a short trace": `00-${TRACE.slice(1)}-${SPAN}-01`,
    "no flags": `00-${TRACE}-${SPAN}`,
    "a second header behind a line break": `${HEADER}\r\nx-evil: 1`,
    "a line break at its end": `${HEADER}\n`,
    "a later version with a line break": `01-${TRACE}-${SPAN}-01-\r\nx-evil: 1`,
    "a later version without end": `01-${TRACE}-${SPAN}-01-${"a".repeat(1000)}`,
  };
  for (const [name, header] of Object.entries(faulty)) {
    test(`is not ${name}`, () => assert.equal(passedOn(header), undefined));
  }

  test("that is none is not passed on", () => assert.equal(passedOn(undefined), undefined));
});

test("an operation is the first word of its method", () => {
  assert.equal(operationOf("chat.completions.create"), "chat");
  assert.equal(operationOf("embeddings.create"), "embeddings");
});
