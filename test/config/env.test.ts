// The environment as data: every variable with a good value, and with bad ones that stop the start with one line that
// names the variable and what is expected, never the value.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readEnv, type VARIABLES, type Vars } from "../../src/config/env.ts";
import { Secret } from "../../src/core/secret.ts";
import { faultOf } from "./fault.ts";

type Name = keyof typeof VARIABLES;

const NUMBER = ["x", "-1", "1.5e3", " 5", "0x10", "Infinity"];
const DURATION = ["soon", "-1s", "1d", "30 s", "s", "1e3", "99999999999"];

const BUDGET = ["100", "100/year", "-1/day", "1e3/day", "/day", "1.0000000001/day", "100 / day"];
const daily = (limit: number, period: string) => ({ limit, period, reset: "calendar", alert: undefined });

interface Row {
  readonly default: unknown;
  readonly good: readonly (readonly [string, unknown])[];
  readonly bad: readonly string[];
}

/** Total: a new variable does not compile without its row. */
const TABLE: Readonly<Record<Name, Row>> = {
  HOST: { default: "127.0.0.1", good: [["::1", "::1"]], bad: [] },
  PORT: {
    default: 3385,
    good: [
      ["0", 0],
      ["65535", 65535],
    ],
    bad: [...NUMBER, "65536", "80.5"],
  },
  SOCKET_PATH: { default: undefined, good: [["/run/ab.sock", "/run/ab.sock"]], bad: [] },
  SOCKET_MODE: {
    default: 0o600,
    good: [
      ["0660", 0o660],
      ["600", 0o600],
    ],
    bad: ["rw", "0999", "06000", "66", "0o660"],
  },
  SOCKET_GROUP: { default: undefined, good: [["staff", "staff"]], bad: [] },
  AUTH: {
    default: undefined,
    good: [
      ["optional", "optional"],
      ["required", "required"],
    ],
    bad: ["none", "Optional"],
  },
  ADMIN_TOKEN: { default: undefined, good: [], bad: [] },
  HERO_SECRET: { default: undefined, good: [], bad: [] },
  ROUTING_STRATEGY: {
    default: "cheapest",
    good: ["best", "fastest", "balanced", "priority"].map((name) => [name, name] as const),
    bad: ["fast", "BEST"],
  },
  UNKNOWN_PRICE: { default: "flag", good: [["deny", "deny"]], bad: ["allow"] },
  GLOBAL_BUDGET: { default: undefined, good: [["100/month", daily(100_000_000_000, "month")]], bad: BUDGET },
  IP_BUDGET: { default: undefined, good: [["0.5/day", daily(500_000_000, "day")]], bad: BUDGET },
  RATE_LIMIT_RPM: { default: undefined, good: [["60", 60]], bad: [...NUMBER, "0"] },
  RETENTION_DAYS: { default: undefined, good: [["90", 90]], bad: [...NUMBER, "0"] },
  RESPONSE_DAYS: { default: 30, good: [["0", 0]], bad: [...NUMBER, "3651"] },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    default: undefined,
    good: [["http://127.0.0.1:4318/", "http://127.0.0.1:4318"]],
    bad: ["127.0.0.1:4318", "grpc://127.0.0.1"],
  },
  OTEL_SERVICE_NAME: { default: "aibroker", good: [["broker-1", "broker-1"]], bad: [] },
  MODELS_CONFIG_PATH: { default: undefined, good: [["m.yml", "m.yml"]], bad: [] },
  MCP_CONFIG_PATH: { default: undefined, good: [["mcp.json", "mcp.json"]], bad: [] },
  DATA_DIR: { default: readEnv({}).DATA_DIR, good: [["/data", "/data"]], bad: [] },
  LEDGER_SYNC: { default: "NORMAL", good: [["FULL", "FULL"]], bad: ["OFF", "full"] },
  LOG_LEVEL: {
    default: "info",
    good: [
      ["debug", "debug"],
      ["silent", "silent"],
    ],
    bad: ["loud", "INFO"],
  },
  DRAIN_TIMEOUT: {
    default: 30_000,
    good: [
      ["5", 5000],
      ["500ms", 500],
      ["2m", 120_000],
      ["1h", 3_600_000],
      ["0", 0],
      ["1.5s", 1500],
    ],
    bad: DURATION,
  },
  MAX_CONNECTIONS: { default: 10_000, good: [["1", 1]], bad: [...NUMBER, "0", "1000001"] },
  MAX_IN_FLIGHT: { default: 4096, good: [["8", 8]], bad: [...NUMBER, "0"] },
  CORS_ORIGINS: {
    default: [],
    good: [
      ["*", ["*"]],
      ["http://a, http://b,", ["http://a", "http://b"]],
    ],
    bad: [],
  },
  ALLOWED_HOSTS: { default: [], good: [["ai.local", ["ai.local"]]], bad: [] },
  TRUSTED_PROXIES: { default: [], good: [["10.0.0.1,10.0.0.2", ["10.0.0.1", "10.0.0.2"]]], bad: [] },
  CHAT_COMPLETIONS_BACKOFF_INITIAL_INTERVAL: {
    default: 100,
    good: [
      ["5", 5],
      ["1s", 1000],
    ],
    bad: DURATION,
  },
  CHAT_COMPLETIONS_BACKOFF_MAX_INTERVAL: { default: 1000, good: [["50", 50]], bad: DURATION },
  CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: {
    default: 40_000,
    good: [
      ["0", 0],
      ["1m", 60_000],
    ],
    bad: DURATION,
  },
  CHAT_COMPLETIONS_BACKOFF_MULTIPLIER: {
    default: 1.5,
    good: [
      ["1", 1],
      ["2.25", 2.25],
    ],
    bad: [...NUMBER, "0.9", "101"],
  },
  CHAT_COMPLETIONS_BACKOFF_RANDOMIZATION_FACTOR: {
    default: 0.5,
    good: [
      ["0", 0],
      ["1", 1],
    ],
    bad: [...NUMBER, "1.1"],
  },
  USER_AGENT: { default: undefined, good: [["mine/1", "mine/1"]], bad: [] },
  HTTP_REFERER: { default: undefined, good: [["https://a.b", "https://a.b"]], bad: [] },
  X_TITLE: { default: undefined, good: [["My title", "My title"]], bad: [] },
  HTTPS_PROXY: { default: undefined, good: [], bad: ["ftp://p:1", "http://", "http://p:1/path", "://"] },
  HTTP_PROXY: { default: undefined, good: [], bad: ["ftp://p:1"] },
  NO_PROXY: { default: [], good: [["a.b,.c", ["a.b", ".c"]]], bad: [] },
  LISTEN_FDS: { default: undefined, good: [["2", 2]], bad: [...NUMBER, "65"] },
  LISTEN_PID: { default: undefined, good: [["77", 77]], bad: NUMBER },
};

describe("each variable", () => {
  for (const [name, row] of Object.entries(TABLE) as [Name, Row][]) {
    test(`${name} has its default, also when empty`, () => {
      assert.deepEqual(readEnv({})[name], row.default);
      assert.equal(readEnv({}).given(name), false);
      assert.equal(readEnv({ [name]: "" }).given(name), false);
      if (name !== "SOCKET_PATH") assert.deepEqual(readEnv({ [name]: "" })[name], row.default);
    });
    for (const [value, parsed] of row.good) {
      test(`${name}=${value} is ${JSON.stringify(parsed)}`, () => {
        const env = readEnv({ [name]: value });
        assert.deepEqual(env[name], parsed);
        assert.equal(env.given(name), true);
        assert.equal(env.shown[name], value);
      });
    }
    for (const value of row.bad) {
      test(`${name}=${value} is refused in one line that names it`, () => {
        assert.match(faultOf(() => readEnv({ [name]: value })).message, new RegExp(`^${name} must be `));
      });
    }
  }

  test("that is not the broker's is left alone", () => {
    assert.deepEqual(readEnv({ PATH: "/bin", HOME: "/root", __proto__: "x" } as Vars).shown, {});
  });
});

describe("SOCKET_PATH", () => {
  const cases: readonly [name: string, vars: Vars, path: string | undefined, portGiven: boolean][] = [
    ["missing: the default socket", {}, undefined, false],
    ["empty: no socket", { SOCKET_PATH: "" }, "", false],
    ["alone: the socket without TCP", { SOCKET_PATH: "/run/a" }, "/run/a", false],
    ["with a port: both", { SOCKET_PATH: "/run/a", PORT: "3385" }, "/run/a", true],
    ["empty with a port: TCP", { SOCKET_PATH: "", PORT: "1" }, "", true],
    ["with an empty port: as without", { SOCKET_PATH: "/run/a", PORT: "" }, "/run/a", false],
  ];
  for (const [name, vars, path, portGiven] of cases) {
    test(name, () => {
      const env = readEnv(vars);
      assert.equal(env.SOCKET_PATH, path);
      assert.equal(env.given("PORT"), portGiven);
      assert.equal(env.given("SOCKET_PATH"), path !== undefined && path !== "");
    });
  }
});

test("a proxy is a Secret, http where it names no scheme, and known in lower case too", () => {
  const { HTTPS_PROXY, HTTP_PROXY, NO_PROXY, shown } = readEnv({
    ...{ HTTPS_PROXY: "http://u:word@upper:3128", https_proxy: "http://lower:1", HTTP_PROXY: "plain:8080" },
    no_proxy: "a.b",
  });
  assert.equal(HTTPS_PROXY?.reveal(), "http://u:word@upper:3128");
  assert.equal(HTTP_PROXY?.reveal(), "http://plain:8080");
  assert.deepEqual(NO_PROXY, ["a.b"]);
  assert.doesNotMatch(JSON.stringify(shown), /word/);
});

describe("secrets", () => {
  const TOKEN = "admin-token-0123456789";

  test("are Secrets, and masked where the environment is shown", () => {
    const env = readEnv({ ADMIN_TOKEN: TOKEN, OPENAI_API_KEY: "sk-live-0123456789abcd" });
    assert.ok(env.ADMIN_TOKEN instanceof Secret);
    assert.equal(env.ADMIN_TOKEN.reveal(), TOKEN);
    env.provider("openai");
    assert.equal(env.shown.ADMIN_TOKEN, "sk-…6789");
    assert.equal(env.shown.OPENAI_API_KEY, "sk-…abcd");
    assert.ok(!JSON.stringify(env).includes("0123456789"), JSON.stringify(env));
  });
});

describe("a provider's variables", () => {
  const keys = (vars: Vars, name = "openai"): string[] =>
    readEnv(vars)
      .provider(name)
      .keys.map((key) => key.reveal());

  const cases: readonly [name: string, vars: Vars, keys: readonly string[]][] = [
    ["none", {}, []],
    ["one", { OPENAI_API_KEY: "a" }, ["a"]],
    ["a list, blanks dropped", { OPENAI_API_KEYS: " a, b ,,c," }, ["a", "b", "c"]],
    ["a list in the variable for one", { OPENAI_API_KEY: "a,b" }, ["a", "b"]],
    ["both, the list first, doubles once", { OPENAI_API_KEY: "c", OPENAI_API_KEYS: "a,c,b,a" }, ["a", "c", "b"]],
    ["empty", { OPENAI_API_KEY: "", OPENAI_API_KEYS: " , " }, []],
    ["another provider's", { GROQ_API_KEY: "g" }, []],
  ];
  for (const [name, vars, expected] of cases) test(`keys: ${name}`, () => assert.deepEqual(keys(vars), expected));

  test("are named after it in capitals, with _ for -", () => {
    assert.deepEqual(keys({ MY_CORP_API_KEY: "k" }, "my-corp"), ["k"]);
    assert.equal(readEnv({}).provider("my-corp").keyVariable, "MY_CORP_API_KEY");
  });

  for (const variable of ["OPENAI_API_KEY", "OPENAI_API_KEYS"]) {
    test(`${variable} with a character that no header takes is refused by that name, the key not shown`, () => {
      for (const value of ["sk-secret\n", "good,sk-secret two", "sk-secret…"]) {
        const { message: fault } = faultOf(() => readEnv({ [variable]: `x${value}x` }).provider("openai"));
        assert.match(fault, new RegExp(`^${variable} has a character`));
        assert.ok(!fault.includes("secret"));
      }
    });
  }

  const urls: readonly [vars: Vars, url: string | undefined][] = [
    [{}, undefined],
    [{ OPENAI_BASE_URL: "" }, undefined],
    [{ OPENAI_BASE_URL: "http://127.0.0.1:9/v1" }, "http://127.0.0.1:9/v1"],
    [{ OPENAI_BASE_URL: "https://a.b/v1///" }, "https://a.b/v1"],
    [{ OPENAI_API_BASE: "https://a.b" }, "https://a.b"],
    [{ OPENAI_API_BASE: "https://a.b", OPENAI_BASE_URL: "https://c.d" }, "https://c.d"],
    [{ OPENAI_API_BASE: "https://a.b", OPENAI_BASE_URL: "" }, "https://a.b"],
  ];
  for (const [vars, url] of urls) {
    test(`base URL of ${JSON.stringify(vars)} is ${url}`, () => {
      assert.equal(readEnv(vars).provider("openai").baseUrl, url);
    });
  }

  for (const url of ["a.b/v1", "ftp://a.b", "http://u:p@a.b", "http://a.b?x=1", "http://a.b#x", "http://", "/v1"]) {
    test(`base URL ${url} is refused`, () => {
      for (const variable of ["OPENAI_BASE_URL", "OPENAI_API_BASE"]) {
        const { message: fault } = faultOf(() => readEnv({ [variable]: url }).provider("openai"));
        assert.match(fault, new RegExp(`^${variable} must be an http or https URL`));
        assert.ok(!fault.includes("u:p"));
      }
    });
  }
});
