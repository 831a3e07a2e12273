// The rules of the house that a reader can't see from one file: who may import whom, no cycles, sizes, exports, errors,
// the process. Each failure says what to do.

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, test } from "node:test";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");
const MAX_LINES = 250;

const HOUSE = [
  ...["broker", "cli", "config", "core", "dispatch", "generated", "log", "mcp", "methods"],
  ...["providers", "rest", "rpc", "store", "trace", "ui"],
];

/**
 * Room by room: what else it may import of ours. A room may always import itself. `a/b` allows one file (or folder) of a
 * room. Top-level files are rooms of their own.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // The process: it reads the command line, then loads the composition root.
  main: ["app", "config/flags", "config/vendor", "core/errors", "generated/methods", "mcp/bundled/serve"],
  // The composition root may see everything but main; its parts are in its folder.
  app: HOUSE,
  // Entries know the waist. REST shares the framing-free half of JSON-RPC: POST /rpc is served by its HTTP server. So is MCP.
  rpc: ["dispatch", "core", "generated", "log"],
  rest: ["dispatch", "core", "generated", "log", "rpc", "mcp"],
  cli: ["dispatch", "core", "generated", "log", "config", "main"],
  // The waist.
  dispatch: ["core", "generated", "log"],
  // Handlers and use cases.
  methods: ["broker", "core", "generated"],
  broker: ["core", "generated"],
  // Adapters implement ports of core and never import each other.
  providers: ["core", "generated"],
  store: ["core", "generated"],
  config: ["core", "generated"],
  mcp: ["core", "dispatch", "generated", "rpc"],
  trace: ["core", "generated"],
  // The bottom.
  log: ["core"],
  core: ["generated/types", "generated/methods"],
  generated: [],
};

/** Of another room only these may be imported, where its rest is private. */
const PUBLIC_TO: Readonly<Record<string, readonly string[]>> = {
  "rest → mcp": ["mcp/server/http-request"],
  "mcp → rpc": ["rpc/json", "rpc/http-answer", "rpc/stall"],
  "rest → rpc": [
    "rpc/hand-on",
    "rpc/arriving",
    "rpc/http-answer",
    "rpc/http-rpc",
    "rpc/core",
    "rpc/caller",
    "rpc/json",
    "rpc/json-scanner",
    "rpc/limits",
    "rpc/node-http",
    "rpc/stall",
    "rpc/turn",
  ],
};

/** Files with a reason to be exempt, and the reason. */
const ENTRY_POINT_OF_BIN = "cli/launch.ts"; // starts main in a fresh process with its flags, so it may name it

const ENDS_GROUPS = ["providers/command/run.ts", "mcp/client/stdio.ts"]; // nothing else can end what a program has started

interface Source {
  /** Relative to src, with forward slashes. */
  readonly path: string;
  readonly lines: readonly string[];
  /** Without comments and quoted text. */
  readonly code: string;
  readonly imports: readonly string[];
}

const IMPORT =
  /(?:^|;)\s*(?:import|export)\s+[\w$*{},\s]*?\bfrom\s*["']([^"'\n]+)["']|(?:^|;)\s*import\s*["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']\s*\)/gm;
/** Comments and strings; a template is passed over whole. */
const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;

function readSource(file: string): Source {
  const text = readFileSync(file, "utf8");
  const path = relative(SRC, file).replaceAll("\\", "/");
  return { path, lines: text.split("\n"), code: codeOf(text), imports: importsOf(text) };
}

function importsOf(text: string): string[] {
  const uncommented = text.replace(TOKEN, (token) => (token.startsWith("/") ? "" : token));
  return [...uncommented.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** What is neither comment nor quoted. */
function codeOf(text: string): string {
  return text.replace(TOKEN, (token) => (token.startsWith("`") ? token : token.startsWith("/") ? "" : '""'));
}

const sources = globSync("src/**/*.ts", { cwd: ROOT })
  .filter((file) => !file.endsWith(".d.ts"))
  .sort()
  .map((file) => readSource(join(ROOT, file)));
const written = sources.filter(({ path }) => !path.startsWith("generated/"));
const byPath = new Map(sources.map((source) => [source.path, source]));

/** Our own file behind an import, relative to src. */
function target(source: Source, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return relative(SRC, join(SRC, dirname(source.path), specifier)).replaceAll("\\", "/");
}

function roomOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : path.replace(/\.\w+$/, "");
}

function allows(list: readonly string[], path: string): boolean {
  const bare = path.replace(/\.\w+$/, "");
  return list.some((each) => bare === each || path.startsWith(`${each}/`));
}

function each(name: string, check: (source: Source) => void, of: readonly Source[] = written): void {
  test(name, () => {
    for (const source of of) check(source);
  });
}

describe("imports", () => {
  test("are found in every form, and not in comments", () => {
    const text = [
      'import a from "./a.ts"; import type { B } from "./b.ts";',
      'import {\n  c,\n} from "./c.ts";',
      'export { d } from "./d.ts";\nimport "./e.ts";',
      'const f = await import("./f.ts");',
      '// import g from "./g.ts";\n/* import h from "./h.ts"; */',
      "const i = 'import i from \"./i.ts\"';",
      'export type J = "public" | "private";',
    ].join("\n");
    assert.deepEqual(importsOf(text), ["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
  });

  each("every room stands in MAY_IMPORT of test/architecture.test.ts: add a new one there", ({ path }) => {
    assert.ok(Object.hasOwn(MAY_IMPORT, roomOf(path)), `src/${path}`);
  });

  each(
    "a room imports only what MAY_IMPORT grants: put what both need into core, or hand it in from app.ts",
    (source) => {
      const from = roomOf(source.path);
      for (const specifier of source.imports) {
        const path = target(source, specifier);
        if (path === undefined) continue;
        const to = roomOf(path);
        if (to === from) continue;
        const where = `src/${source.path} imports src/${path}`;
        assert.ok(!path.startsWith(".."), `${where}: nothing outside src is part of the program`);
        if (to === "main") assert.equal(source.path, ENTRY_POINT_OF_BIN, `${where}: nothing imports main`);
        if (to === "app") assert.equal(`${from} → ${path}`, "main → app.ts", `${where}: only main builds the house`);
        assert.ok(allows(MAY_IMPORT[from] ?? [], path), `${where}: ${from} may import ${MAY_IMPORT[from]}`);
        const open = PUBLIC_TO[`${from} → ${to}`];
        if (open) assert.ok(allows(open, path), `${where}: of ${to} only ${open} is for ${from}`);
      }
    },
    sources,
  );

  each("are named with their extension and exist", (source) => {
    for (const specifier of source.imports) {
      const path = target(source, specifier);
      if (path === undefined) continue;
      assert.match(path, /\.(ts|js|json)$/, `src/${source.path} imports "${specifier}": write the extension`);
      if (path.endsWith(".ts"))
        assert.ok(byPath.has(path), `src/${source.path} imports src/${path}, which is not there`);
    }
  });

  test("go round in no circle, types included", () => {
    const state = new Map<string, "open" | "done">();
    const visit = (path: string, way: readonly string[]): void => {
      const source = byPath.get(path);
      if (!source || state.get(path) === "done") return;
      assert.notEqual(
        state.get(path),
        "open",
        `cut this circle: ${[...way.slice(way.indexOf(path)), path].join(" → ")}`,
      );
      state.set(path, "open");
      for (const specifier of source.imports) visit(target(source, specifier) ?? "", [...way, path]);
      state.set(path, "done");
    };
    for (const { path } of sources) visit(path, []);
  });

  each("of the standard library carry node:", (source) => {
    for (const specifier of source.imports) {
      assert.ok(!/^(fs|path|net|http|https|os|util|events|stream|crypto|url)$/.test(specifier), `src/${source.path}`);
    }
  });
});

each(
  "node:http is required, in rpc/node-http.ts: importing it loads node's own fetch, 14 MB of it",
  ({ path, lines }) => {
    for (const line of lines) assert.doesNotMatch(line, /^import (?!type ).*"node:https?"/, `src/${path}`);
  },
);

describe("core is pure", () => {
  const core = sources.filter(({ path }) => path.startsWith("core/"));
  /** node:util prints, it does nothing. */
  const harmless = ["node:util"];

  each(
    "it imports nothing that acts: take a port instead, and let an adapter implement it",
    (source) => {
      for (const specifier of source.imports) {
        assert.ok(specifier.startsWith(".") || harmless.includes(specifier), `src/${source.path} imports ${specifier}`);
      }
    },
    core,
  );

  each(
    "it has no clock, chance, timer or process: take the value as an argument",
    ({ path, code }) => {
      const effect =
        /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bperformance\.|\bset(Timeout|Interval|Immediate)\(|\bcrypto\.|\bfetch\(/;
      assert.doesNotMatch(code, effect, `src/${path}`);
    },
    core,
  );
});

describe("files", () => {
  each(`are at most ${MAX_LINES} lines: split by idea`, ({ path, lines }) => {
    assert.ok(lines.length - 1 <= MAX_LINES, `src/${path} has ${lines.length - 1} lines`);
  });

  test("have no marks of a merge that was left half done", () => {
    for (const file of globSync(["*.*", "{docs,scripts,src,test}/**/*.{md,ts,mjs,sql,io,json,yml}"], { cwd: ROOT })) {
      assert.doesNotMatch(readFileSync(join(ROOT, file), "utf8"), /^(?:<{7}|>{7}) /m, `settle ${file}`);
    }
  });

  each("open with 1 to 6 lines of comment: what it is, what it promises, why", ({ path, lines }) => {
    const first = lines[0]?.startsWith("#!") ? 1 : 0;
    const length = lines.slice(first).findIndex((line) => !line.startsWith("//"));
    assert.ok(length >= 1 && length <= 6, `src/${path} opens with ${length} lines of comment`);
  });

  each("are called by kebab-case nouns", ({ path }) => {
    assert.match(path, /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/, `rename src/${path}`);
    assert.doesNotMatch(path, /(^|\/|-)(utils?|helpers?|index|common|misc)\.ts$/, `src/${path}: name the idea`);
  });

  each("have no default export and re-export nothing wholesale", ({ path, code }) => {
    assert.doesNotMatch(code, /^export default\b/m, `src/${path}: give the export a name`);
    assert.doesNotMatch(code, /^export \*/m, `src/${path}: no barrels, import from the file itself`);
    assert.doesNotMatch(
      code,
      /^export (type )?\{[^}]*\} from/m,
      `src/${path}: no re-exports, import from the file itself`,
    );
  });

  each("use no any", ({ path, code }) => {
    assert.doesNotMatch(code, /(:|<|\bas|,|\|)\s*any\b(?!["'])/, `src/${path}: use unknown or the type`);
  });

  each("throw no plain Error: use BrokerError, ProviderFailure, or an Error of your own name", ({ path, code }) => {
    assert.doesNotMatch(code, /\bthrow (new )?Error\(/, `src/${path}`);
  });

  each("leave console to scripts: use the log", ({ path, code }) => {
    assert.doesNotMatch(code, /\bconsole\.\w+\(/, `src/${path}`);
  });
});

describe("the process", () => {
  each(
    "belongs to main.ts, config/env.ts and the launcher: take what you need as an argument",
    ({ path, code, imports }) => {
      if (["main.ts", "config/env.ts", ENTRY_POINT_OF_BIN, ...ENDS_GROUPS].includes(path)) return;
      assert.doesNotMatch(code, /\bprocess\.\w+/, `src/${path}`);
      assert.ok(!imports.includes("node:process"), `src/${path}`);
    },
  );

  each("is given its environment once: only main.ts and config/env.ts read process.env", ({ path, code }) => {
    if (["main.ts", "config/env.ts"].includes(path)) return;
    assert.doesNotMatch(code, /process\.env/, `src/${path}`);
  });
});
