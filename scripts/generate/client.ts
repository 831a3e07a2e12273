// src/generated/client.ts: the typed client, nested as the method names are. It knows no transport.

import { calls, type Document, type Method } from "./document.ts";

type Tree = { [name: string]: Tree | Method };

export function clientSource(document: Document): string {
  const tree: Tree = {};
  for (const method of calls(document)) {
    const parts = method.name.split(".");
    const last = parts.pop() ?? "";
    let node = tree;
    for (const part of parts) {
      node[part] ??= {};
      node = node[part] as Tree;
    }
    node[last] = method;
  }
  return `${PREAMBLE}\nexport function createClient(transport: ClientTransport) {\n  return ${render(tree, "  ")};\n}\n\nexport type Client = ReturnType<typeof createClient>;\n`;
}

function render(tree: Tree, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(tree).map(([name, node]) => {
    if (!isMethod(node)) return `${inner}${name}: ${render(node, inner)},`;
    const type = JSON.stringify(node.name);
    const optional = node.params.some((param) => "required" in param && param.required) ? "" : " = {}";
    const head = `${inner}/** ${node.summary}. */\n${inner}`;
    const plain = `${name}: (params: Methods[${type}]["params"]${optional}, options?: CallOptions) => transport.call(${type}, params, options)`;
    if (!node["x-progress"]) return `${head}${plain},`;
    return `${head}${plain},\n${inner}/** ${node.summary}, in pieces; the return value is the complete result. */\n${inner}${name}Stream: (params: Methods[${type}]["params"], options?: CallOptions) => transport.stream(${type}, params, options),`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function isMethod(node: Tree | Method): node is Method {
  return typeof node.name === "string";
}

const PREAMBLE = `import type { MethodName, Methods } from "./types.ts";

export interface CallOptions {
  /** Ends the call; the server is told. */
  readonly signal?: AbortSignal;
}

/** What the client needs of a connection; src/rpc/client.ts has one over TCP and Unix sockets. */
export interface ClientTransport {
  call<M extends MethodName>(method: M, params: Methods[M]["params"], options?: CallOptions): Promise<Methods[M]["result"]>;
  stream<M extends MethodName>(
    method: M,
    params: Methods[M]["params"],
    options?: CallOptions,
  ): AsyncGenerator<Methods[M]["progress"], Methods[M]["result"], undefined>;
}
`;
