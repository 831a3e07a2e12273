// Where text stops being JSON. The engine's own message often quotes the text instead of telling the place, and what a
// client sent must not come back in an error. Used once parsing has failed, so plainness counts more than speed.

/** Index of the first character that cannot stand there; the length of `text` where it ends too early. */
export function jsonFaultAt(text: string): number {
  const reader = new Reader(text);
  if (reader.value()) reader.space();
  return reader.at;
}

const LITERALS: Readonly<Record<string, string>> = { t: "true", f: "false", n: "null" };

/** Recursive: for text whose nesting is bounded. Each method leaves `at` behind what it read, or at the fault. */
class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  space(): void {
    while (" \n\r\t".includes(this.#text[this.at] ?? "x")) this.at++;
  }

  value(): boolean {
    this.space();
    const first = this.#text[this.at] ?? "";
    if (first === "{") return this.#list("}", () => this.#member());
    if (first === "[") return this.#list("]", () => this.value());
    if (first === '"') return this.#string();
    const literal = LITERALS[first];
    return literal === undefined ? this.#number() : [...literal].every((char) => this.#take(char));
  }

  #take(char: string): boolean {
    if (this.#text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  #list(end: string, item: () => boolean): boolean {
    this.at++;
    this.space();
    if (this.#take(end)) return true;
    for (;;) {
      if (!item()) return false;
      this.space();
      if (this.#take(end)) return true;
      if (!this.#take(",")) return false;
      this.space();
    }
  }

  #member(): boolean {
    if (this.#text[this.at] !== '"' || !this.#string()) return false;
    this.space();
    return this.#take(":") && this.value();
  }

  #string(): boolean {
    for (this.at++; this.at < this.#text.length; this.at++) {
      const char = this.#text[this.at] as string;
      if (char === '"') return this.#take(char);
      if (char < " ") return false;
      if (char === "\\" && !this.#escape()) return false;
    }
    return false;
  }

  /** Leaves `at` at the last character of the escape. */
  #escape(): boolean {
    this.at++;
    if ('"\\/bfnrt'.includes(this.#text[this.at] ?? "x")) return true;
    if (this.#text[this.at] !== "u") return false;
    for (let digit = 0; digit < 4; digit++) {
      this.at++;
      if (!/^[0-9a-f]$/i.test(this.#text[this.at] ?? "")) return false;
    }
    return true;
  }

  #number(): boolean {
    this.#take("-");
    if (!this.#take("0") && !this.#digits()) return false;
    if (this.#take(".") && !this.#digits()) return false;
    if (!this.#take("e") && !this.#take("E")) return true;
    if (!this.#take("+")) this.#take("-");
    return this.#digits();
  }

  #digits(): boolean {
    const from = this.at;
    while (/^\d$/.test(this.#text[this.at] ?? "")) this.at++;
    return this.at > from;
  }
}
