// Golden transcripts: a file of named sections, first what each client asks and each vendor answers, then what every pair of
// them makes of it. Written to be read: `why`, then `=== name` and the text of a section, JSON broken where a line is full.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const DIALECTS = ["chat", "responses", "messages"] as const;
export type Dialect = (typeof DIALECTS)[number];
export type Json = Record<string, unknown>;

export interface Transcript {
  readonly name: string;
  readonly why: string;
  readonly sections: Map<string, string>;
}

const HEADING = "=== ";
const WIDTH = 140;

/** All of this folder. */
export function transcripts(): Transcript[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".io"));
  return files.sort().map((file) => readTranscript(file.slice(0, -".io".length)));
}

function readTranscript(name: string): Transcript {
  const [why = "", ...parts] = readFileSync(pathOf(name), "utf8").split(/^=== /m);
  const sections = parts.map((part): [string, string] => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end + 1).trimEnd()];
  });
  return { name, why: why.trimEnd(), sections: new Map(sections) };
}

export function writeTranscript({ name, why, sections }: Transcript): void {
  const parts = [...sections].map(([title, text]) => `${HEADING}${title}\n${text}\n`);
  writeFileSync(pathOf(name), [`${why}\n`, ...parts].join("\n"));
}

/** A section that must be there. */
export function section({ name, sections }: Transcript, title: string): string {
  const text = sections.get(title);
  if (text === undefined) throw new TypeError(`${name}.io has no section "${title}"`);
  return text;
}

/** The first line, and the JSON value behind it. */
export function headed(text: string): { head: string; value: Json } {
  const end = text.indexOf("\n");
  return { head: text.slice(0, end), value: JSON.parse(text.slice(end + 1)) };
}

/** The values of a stream, one a line; `[DONE]` is itself. One that was refused is its status and its error. */
export function streamed(text: string): (Json | "[DONE]")[] {
  if (/^\d{3}\n/.test(text)) return [headed(text)];
  return text.split("\n").map((line) => (line === "[DONE]" ? line : JSON.parse(line)));
}

/** JSON in lines of bounded width. */
export function pretty(value: unknown, indent = ""): string {
  const line = JSON.stringify(value, null, 1)?.replace(/\n\s*/g, " ") ?? "null";
  if (typeof value !== "object" || value === null || indent.length + line.length <= WIDTH) return line;
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const members = isList
    ? value.map((each) => deeper + pretty(each, deeper))
    : Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => `${deeper}${JSON.stringify(key)}: ${pretty(each, deeper)}`);
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${members.join(",\n")}\n${indent}${close}`;
}

function pathOf(name: string): string {
  return join(import.meta.dirname, `${name}.io`);
}
