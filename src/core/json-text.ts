// JSON text that values were parsed from, so that what does not change is passed on as it came instead of being written
// again. Values are never changed in place, so a text says what its value says.

/** As UTF-8, or decoded. */
export type JsonText = Uint8Array | string;

/** A longer text is not kept beside its value. */
const LONGEST_KEPT = 262_144;

/** Where a top-level member's value stands in an object's text, colon and spaces included. */
export interface Place {
  readonly from: number;
  readonly to: number;
  /** Of the object, those included that a later one of the same name replaced. */
  readonly members: number;
}

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;

/** `text` must be a JSON object. A name that is written with escapes is not found. Linear, strings are searched natively. */
export function placeOf(text: string, name: string): Place | undefined {
  let depth = 0;
  let members = 0;
  let from = -1;
  let to = -1;
  let isName = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at + 1);
      if (isName) {
        members++;
        if (end - at - 1 === name.length && text.startsWith(name, at + 1)) from = end + 1;
        isName = false;
      }
      at = end;
    } else if (char === 123 || char === 91) {
      depth++;
      isName = depth === 1;
    } else if (char === 125 || char === 93 || (char === COMMA && depth === 1)) {
      if (depth === 1 && from >= 0 && to < from) to = at;
      if (char === COMMA) isName = true;
      else depth--;
    }
  }
  return from < 0 ? undefined : { from, to, members };
}

/** Index of the closing quote. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((end - first) % 2 === 0) return end;
  }
  return text.length;
}

/** Puts a value, as JSON, in the place of a member's. */
export function withValue(text: string, { from, to }: Place, json: string): string {
  return `${text.slice(0, from)}:${json}${text.slice(to)}`;
}

/** Gives itself out for the object that it is made of. */
class Itself {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: so that the class below adds its member to this very object
    return object;
  }
}

/** A hidden member of an object: not copied, written or compared. A WeakMap of all requests costs the collector 20 µs each. */
class WithText extends Itself {
  readonly #text: JsonText | (() => JsonText | undefined);

  constructor(object: object, text: JsonText | (() => JsonText | undefined)) {
    super(object);
    this.#text = text;
  }

  static of(object: object): JsonText | undefined {
    const text = #text in object ? object.#text : undefined;
    return typeof text === "function" ? text() : text;
  }
}

/** Remembers which text `value` was parsed from, unless it is long. Once for a value. */
export function keepText(value: object, text: JsonText): void {
  if (text.length <= LONGEST_KEPT) new WithText(value, text);
}

/** What this very value was parsed from, or says the same; a copy of a value has none. */
export function textBehind(value: object): JsonText | undefined {
  return WithText.of(value);
}

/**
 * `copy` is `original` but for its member `name`: its text is that of the original with the member's own in its place, made
 * when somebody asks for it. None where a name comes twice: the text would say more than the value.
 */
export function passText<Value extends object>(original: Value, copy: Value, name: keyof Value & string): void {
  new WithText(copy, () => {
    const text = textBehind(original);
    const place = typeof text === "string" ? placeOf(text, name) : undefined;
    if (place?.members !== Object.keys(original).length) return undefined;
    return withValue(text as string, place, JSON.stringify(copy[name]));
  });
}
