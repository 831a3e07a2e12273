// Lines of CSV: quoted where they must be, and nothing that a spreadsheet would run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { csvLine } from "../../src/core/csv.ts";

test("fields are quoted where a comma, a quote or a line end stands in them", () => {
  assert.equal(csvLine(["a", 1, null, "b,c", 'd"e', "f\r\ng"]), 'a,1,,"b,c","d""e","f\r\ng"\r\n');
});

test("text that begins like a formula is shown, not run; numbers stay numbers", () => {
  assert.equal(csvLine(["=1+1", "+x", "-x", "@SUM(1)", -5]), "'=1+1,'+x,'-x,'@SUM(1),-5\r\n");
});
