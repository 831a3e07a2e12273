// How a configuration is refused.

import assert from "node:assert/strict";
import { BrokerError } from "../../src/core/errors.ts";

/** What reading it throws: `config_invalid`, told in one line. Anything else is a bug. */
export function faultOf(read: () => unknown): BrokerError {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof BrokerError, `a bug: ${error}`);
    assert.equal(error.kind, "config_invalid");
    assert.ok(!error.message.includes("\n"), `one line: ${error.message}`);
    return error;
  }
  return assert.fail("it must be refused");
}
