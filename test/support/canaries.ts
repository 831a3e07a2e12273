// Secrets that would be recognised anywhere, even in part, and a place to keep all that a broker says.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

/** Letters of a secret that nothing may show: the last four are what masked secrets end in. */
const PIECE = 12;

export class Canaries {
  /** What to look for, by the secret's name. */
  readonly #pieces = new Map<string, readonly string[]>();
  readonly #heard: { where: string; text: string }[] = [];

  /** A new secret that begins so. */
  make(name: string, prefix = ""): string {
    const body = randomBytes(18).toString("hex");
    this.watch(name, body);
    return prefix + body;
  }

  /** A secret that somebody else made, without a prefix that all of its kind have. */
  watch(name: string, secret: string): void {
    assert.ok(secret.length >= 2 * PIECE + 4, `${name} is too short to be recognised in part`);
    this.#pieces.set(name, [secret.slice(0, PIECE), secret.slice(-PIECE - 4, -4)]);
  }

  hear(where: string, text: string): void {
    this.#heard.push({ where, text });
  }

  async hearResponse(where: string, response: Response): Promise<void> {
    this.hear(
      where,
      `${response.status} ${JSON.stringify([...response.headers])}\n${await response.text().catch(String)}`,
    );
  }

  /** All that was heard with a secret in it. */
  leaks(): string[] {
    return this.#heard.flatMap(({ where, text }) =>
      [...this.#pieces]
        .filter(([, pieces]) => pieces.some((piece) => text.includes(piece)))
        .map(([name, pieces]) => `${name} in ${where}: ${around(text, pieces)}`),
    );
  }

  /** How much was heard from places that begin so: silence is no proof. */
  heard(where: string): number {
    return this.#heard.filter((each) => each.where.startsWith(where)).reduce((sum, { text }) => sum + text.length, 0);
  }
}

function around(text: string, pieces: readonly string[]): string {
  const at = Math.max(...pieces.map((piece) => text.indexOf(piece)));
  return text.slice(Math.max(0, at - 80), at + 40).replaceAll(/[^\x20-\x7e]/g, ".");
}
