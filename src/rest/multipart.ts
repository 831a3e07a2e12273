// A form (multipart/form-data) as params: fields in any order, as the document's types say, and one file. Bounded in every
// direction while it arrives; what is no form is told as such at its end.

import { createRequire } from "node:module";
import type { Busboy as BusboyConstructor, BusboyInstance } from "@fastify/busboy";
import { fileTooLarge } from "../core/audio/file.ts";
import { BrokerError } from "../core/errors.ts";
import type { RestRow } from "../generated/methods.ts";
import { typed } from "./params.ts";

/** Bytes of a form besides its file. */
export const FORM_BYTES = 1024 * 1024;
const MOST_FIELDS = 64;
/** Bytes of a field: a prompt of 65,536 characters, whatever they are. */
const FIELD_BYTES = 256 * 1024;
const MOST_NAME = 100;
/** RFC 2046. */
const MOST_BOUNDARY = 70;
const FILE = "file";
/** `name[]` and `name[0]` are items of a list. */
const ITEM = /^(.+)\[\d{0,3}\]$/;
const FORM_TYPE = /^multipart\/form-data\s*(?:;|$)/i;
const BOUNDARY = /;\s*boundary=(?:"([^"]*)"|([^\s;"]*))/i;

export class Form {
  readonly #row: RestRow;
  readonly #busboy: BusboyInstance;
  readonly #fields = new Map<string, unknown>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #file: Buffer[] = [];
  #hasFile = false;
  #fault: BrokerError | undefined;

  /** `fileBytes`: what a file may hold. Throws `unsupported_media_type`, or `invalid_request` without a usable boundary. */
  constructor(row: RestRow, contentType: string | undefined, fileBytes: number) {
    this.#row = row;
    this.#busboy = open(contentType, fileBytes);
    this.#ended.promise.catch(() => {}); // `params` may never be asked for
    this.#listen(fileBytes);
  }

  /** Throws `too_large`. */
  add(chunk: Buffer): void {
    if (!this.#fault) this.#busboy.write(chunk);
    if (this.#fault?.kind === "too_large") throw this.#fault;
  }

  /** The whole form has arrived. Rejects with `invalid_request` or `too_large`. */
  async params(): Promise<object> {
    if (!this.#fault) this.#busboy.end();
    await this.#ended.promise;
    if (this.#hasFile) this.#fields.set(FILE, Buffer.concat(this.#file));
    return Object.fromEntries(this.#fields);
  }

  #listen(fileBytes: number): void {
    const busboy = this.#busboy;
    busboy.on("file", (_, stream, filename) => {
      this.#hasFile = true;
      if (filename !== undefined && !this.#fields.has("filename")) this.#fields.set("filename", filename);
      stream.on("data", (chunk: Buffer) => this.#file.push(chunk));
      stream.on("limit", () => this.#fail(fileTooLarge(fileBytes)));
      stream.on("error", () => this.#fail(broken()));
    });
    busboy.on("field", (name, value, _, truncated) => this.#field(name, value, truncated));
    for (const limit of ["partsLimit", "filesLimit", "fieldsLimit"]) {
      busboy.on(limit, () => this.#fail(refused(`A form holds at most ${MOST_FIELDS} fields and one file`)));
    }
    busboy.on("error", () => this.#fail(broken()));
    busboy.on("finish", () => this.#ended.resolve());
  }

  #field(name: string | undefined, text: string, truncated: boolean): void {
    if (name === undefined || name === "" || name.length > MOST_NAME) {
      this.#fail(refused(`A field's name has 1 to ${MOST_NAME} characters`));
    } else if (truncated) {
      const words = `A field holds at most ${FIELD_BYTES} bytes`;
      this.#fail(new BrokerError("too_large", words, { param: name, limit: FIELD_BYTES }));
    } else this.#put(name, text);
  }

  /** Of a param that comes twice the last one counts. */
  #put(name: string, text: string): void {
    const list = ITEM.exec(name)?.[1] ?? (this.#row.types?.[name] === "array" ? name : undefined);
    if (list === undefined) {
      this.#fields.set(name, typed(this.#row, name, text));
      return;
    }
    const items = this.#fields.get(list);
    if (Array.isArray(items)) items.push(text);
    else this.#fields.set(list, [text]);
  }

  #fail(fault: BrokerError): void {
    this.#fault ??= fault;
    this.#ended.reject(this.#fault);
  }
}

function open(contentType: string | undefined, fileBytes: number): BusboyInstance {
  if (contentType === undefined || !FORM_TYPE.test(contentType)) {
    throw new BrokerError("unsupported_media_type", "The body must be a form: multipart/form-data");
  }
  const [, quoted, bare] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? bare ?? "";
  if (boundary === "" || boundary.length > MOST_BOUNDARY) {
    throw refused(`The content type of a form names a boundary of 1 to ${MOST_BOUNDARY} characters`);
  }
  const Busboy = load("@fastify/busboy") as typeof BusboyConstructor;
  return new Busboy({
    headers: { "content-type": `multipart/form-data; boundary="${boundary}"` },
    isPartAFile: (name) => name === FILE,
    limits: {
      ...{ fields: MOST_FIELDS, files: 1, parts: MOST_FIELDS + 1 },
      ...{ fieldSize: FIELD_BYTES, fileSize: fileBytes, headerPairs: 32, headerSize: 8 * 1024 },
    },
  });
}

/** Loaded with the first form. */
const load = createRequire(import.meta.url);

function broken(): BrokerError {
  return refused("The form is broken or incomplete");
}

function refused(words: string): BrokerError {
  return new BrokerError("invalid_request", words);
}
