// A stream of MCP messages that is read as it comes.

import { META, messages, request, type Said } from "./say.ts";

export class Stream {
  readonly status: number;
  readonly headers: Response["headers"];
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #controller: AbortController;
  #text = "";
  /** It has ended by itself. */
  ended = false;

  private constructor(response: Response, controller: AbortController) {
    this.status = response.status;
    this.headers = response.headers;
    this.#controller = controller;
    this.#reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
  }

  static async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
    const controller = new AbortController();
    const init = { headers: { accept: "text/event-stream", ...headers }, signal: controller.signal };
    return new Stream(await fetch(url, init), controller);
  }

  static async post(url: string, message: object, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
    const controller = new AbortController();
    const both = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const init = { method: "POST", headers: { ...both, ...headers }, body: JSON.stringify(message) };
    return new Stream(await fetch(url, { ...init, signal: controller.signal }), controller);
  }

  /** A request of 2026-07-28. */
  static modern(
    url: string,
    method: string,
    params: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Stream> {
    const { name } = params as { name?: string };
    return Stream.post(url, request(method, { _meta: META, ...params }), {
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(name === undefined ? {} : { "mcp-name": name }),
      ...headers,
    });
  }

  get all(): Said["body"][] {
    return messages(this.#text);
  }

  get text(): string {
    return this.#text;
  }

  /** Resolves with the messages once there are `count` of that method, or at the end of the stream. */
  async until(method: string, count = 1): Promise<Said["body"][]> {
    const found = () => this.all.filter((message) => message.method === method);
    while (found().length < count && (await this.#read()));
    return found();
  }

  /** Resolves at the end of the stream. */
  async rest(): Promise<Said["body"][]> {
    while (await this.#read());
    return this.all;
  }

  close(): void {
    this.#controller.abort();
  }

  async #read(): Promise<boolean> {
    const { value, done } = await this.#reader.read();
    if (value !== undefined) this.#text += value;
    this.ended ||= done;
    return !done;
  }
}
