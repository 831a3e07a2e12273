// The command line mirrors the environment, and a flag wins over its variable. Secrets have no flag.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { VARIABLES } from "../../src/config/env.ts";
import { parseCommandLine, usage } from "../../src/config/flags.ts";
import { faultOf } from "./fault.ts";

const vars = (...args: string[]) => {
  const line = parseCommandLine(args, { PORT: "1", HOME: "/h" });
  assert.equal(line.command, "serve");
  return line.command === "serve" ? line.vars : {};
};

describe("flags", () => {
  test("are variables in lower case, and win over them", () => {
    assert.deepEqual(vars(), { PORT: "1", HOME: "/h" });
    assert.deepEqual(vars("serve", "--port", "2"), { PORT: "2", HOME: "/h" });
    assert.deepEqual(vars("--drain-timeout=5s"), { PORT: "1", HOME: "/h", DRAIN_TIMEOUT: "5s" });
    assert.deepEqual(vars("serve", "--socket-path="), { PORT: "1", HOME: "/h", SOCKET_PATH: "" });
  });

  test("exist for every variable but secrets and what systemd sets, and the help shows them", () => {
    const help = usage();
    for (const name of Object.keys(VARIABLES)) {
      const flag = `--${name.toLowerCase().replaceAll("_", "-")}`;
      const secrets = ["ADMIN_TOKEN", "HERO_SECRET", "HTTPS_PROXY", "HTTP_PROXY"];
      const hidden = secrets.includes(name) || name.startsWith("LISTEN_");
      assert.equal(help.includes(`${flag} `), !hidden, flag);
      if (hidden) assert.throws(() => vars(`${flag}=1`), { kind: "config_invalid" });
      else assert.equal(vars(`${flag}=1`)[name], "1", flag);
    }
  });
});

describe("commands", () => {
  const cases: readonly [args: string[], command: string][] = [
    [[], "serve"],
    [["serve"], "serve"],
    [["mcp", "--log-level", "warn"], "mcp"],
    [["help"], "help"],
    [["--help"], "help"],
    [["serve", "-h"], "help"],
    [["--version"], "version"],
    [["-v"], "version"],
    [["mcp-server", "ping"], "mcp-server"],
  ];
  for (const [args, command] of cases) {
    test(`aibroker ${args.join(" ")} is ${command}`, () => assert.equal(parseCommandLine(args, {}).command, command));
  }
});

describe("a faulty command line is refused in one line that says where to look", () => {
  const cases: readonly [args: string[], message: RegExp][] = [
    [["fly"], /unknown command "fly"/],
    [["serve", "twice"], /unknown command "twice"/],
    [["--prot", "1"], /--prot/],
    [["mcp-server"], /mcp-server takes one name/],
    [["mcp-server", "ping", "exa"], /mcp-server takes one name/],
    [["--port"], /--port/],
    [["--help=yes"], /--help/],
  ];
  for (const [args, message] of cases) {
    test(`aibroker ${args.join(" ")}`, () => {
      const fault = faultOf(() => parseCommandLine(args, {}));
      assert.match(fault.message, message);
      assert.match(fault.message, /: try aibroker --help$/);
    });
  }
});
