// What the broker says when it is up: where it listens, what it can answer with and what is missing for the rest, and
// three calls that work as printed.

import { type Catalogue, type Catalogues, isUsableModel } from "../core/model.ts";
import type { ModelKind } from "../core/model-kind.ts";
import { VERSION } from "../generated/methods.ts";

export interface BannerFacts {
  readonly catalogues: Catalogues;
  /** `http://host:port`, when listening on TCP. */
  readonly url: string | undefined;
  readonly socketPath: string | undefined;
  readonly cookiePath: string;
  readonly databasePath: string;
  /** Things that went otherwise than asked. */
  readonly notices: readonly string[];
}

export function banner(facts: BannerFacts): string {
  const { url, socketPath, catalogues } = facts;
  const where = [url, socketPath && `unix:${socketPath}`].filter(Boolean).join(" and ");
  const model = exampleModel(catalogues.chat);
  return [
    `AI Broker ${VERSION} is up on ${where}`,
    ...modelLines(catalogues.chat),
    ...otherLines(catalogues),
    `Requests are logged in ${facts.databasePath}; the admin cookie is in ${facts.cookiePath}`,
    ...facts.notices,
    "",
    ...(url ? [curlLine(url, model), ""] : []),
    ...(socketPath ? [ncLine(socketPath, model), ""] : []),
    ...(url ? sdkLines(url, model) : []),
    "",
  ].join("\n");
}

function modelLines(catalogue: Catalogue): string[] {
  const usable = catalogue.models.filter(isUsableModel);
  const lines = [`${usable.length} of ${catalogue.models.length} chat models can be called now`];
  if (usable.length > 0 && usable.every((model) => model.demo)) {
    lines[0] += `: ${usable.map((model) => `${model.id}, a demo model that knows next to nothing`).join(", ")}`;
  }
  const missing = new Map<string, number>();
  for (const model of catalogue.models.filter((each) => !isUsableModel(each))) {
    for (const reason of new Set(model.backends.map((backend) => backend.provider.missing ?? ""))) {
      missing.set(reason, (missing.get(reason) ?? 0) + 1);
    }
  }
  const most = [...missing].sort(([, a], [, b]) => b - a);
  for (const [reason, count] of most) lines.push(`  ${String(count).padStart(3)} more with ${reason}`);
  return lines;
}

/** What can be called beside chat models. */
function otherLines(catalogues: Catalogues): string[] {
  const kinds = Object.keys(catalogues) as ModelKind[];
  const others = kinds
    .filter((kind) => kind !== "chat")
    .flatMap((kind) => catalogues[kind].models.filter(isUsableModel).map(({ id }) => `${id} (${kind})`));
  return others.length === 0 ? [] : [`Beside them ${others.join(", ")}`];
}

/** The demo model while nothing else is there, else whatever `auto` picks. */
function exampleModel(catalogue: Catalogue): string {
  const usable = catalogue.models.filter(isUsableModel);
  return usable.length > 0 && usable.every((model) => model.demo) ? usable[0]!.id : "auto";
}

function curlLine(url: string, model: string): string {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello!" }] });
  return `curl ${url}/v1/chat/completions -H 'content-type: application/json' -d '${body}'`;
}

function ncLine(path: string, model: string): string {
  const params = { model, messages: [{ role: "user", content: "Hello!" }] };
  const request = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "chat.completions.create", params });
  return `printf '%s\\n' '${request}' | nc -U -q 5 '${path}'`;
}

function sdkLines(url: string, model: string): string[] {
  return [
    'import OpenAI from "openai";',
    `const client = new OpenAI({ baseURL: "${url}/v1", apiKey: "not-needed" });`,
    `const stream = await client.chat.completions.create({ model: "${model}", stream: true, messages: [{ role: "user", content: "Hello!" }] });`,
    'for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");',
  ];
}
