// docs/compat.md: which client does what through the broker. Cells are made of tests of test/compat/matrix.test.ts by name,
// so the page claims nothing that is not run.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CLIENTS } from "../../test/compat/matrix/clients.ts";
import {
  CAPABILITIES,
  type Capability,
  type ClientUnderTest,
  TRANSPORTS,
  testName,
} from "../../test/compat/matrix/door.ts";
import { ROOT } from "../generate/document.ts";

/** Of a test's name. */
type Passed = (name: string) => boolean;

const HEAD = `# Compatible clients

Written by \`node scripts/compat-table.ts --write\` from what passed. Do not edit.

Each client is the package as it is published, with its base URL changed and, for the Unix socket, its \`fetch\`. Each cell
is a test of \`test/compat/matrix.test.ts\`, which \`npm test\` runs: \`TCP\` and \`Unix\` say over what it passed; \`-\` is what
the client itself can't do. Structured output is JSON of a schema that reached the vendor; errors are the client's own
classes or statuses, of the broker's and of the vendor's; an abort is one that closed the vendor's connection.
`;

const TAIL = `
What goes further is beside it in \`test/compat/\`: audio in every format, kept responses, vendors that speak Responses or
Anthropic's dialect themselves. The official Python client is run where Python and the package \`openai\` are installed.
`;

export function compatPage(passed: Passed): string {
  return `${HEAD}\n${compatTable(passed)}\n${TAIL}`;
}

/** In Markdown, columns of one width. */
export function compatTable(passed: Passed): string {
  const rows = [["client", ...CAPABILITIES], ...CLIENTS.map((client) => rowOf(client, passed))];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function rowOf(client: ClientUnderTest, passed: Passed): string[] {
  return [labelOf(client), ...CAPABILITIES.map((capability) => cellOf(client, capability, passed))];
}

function cellOf(client: ClientUnderTest, capability: Capability, passed: Passed): string {
  if (!client.does[capability]) return "-";
  const over = TRANSPORTS.filter((transport) => passed(testName(client, capability, transport)));
  return over.map((transport) => transport.split(" ")[0]).join(", ") || "failed";
}

/** With the versions that are installed. */
function labelOf({ name, packages }: ClientUnderTest): string {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return `${name} (${packages.map((each) => devDependencies[each]).join(", ")})`;
}
