// How severe a log message is, in MCP's words.

const LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;

export type Level = (typeof LEVELS)[number];

export function isLevel(value: unknown): value is Level {
  return LEVELS.includes(value as Level);
}

/** `least` undefined: nothing passes. */
export function passes(level: unknown, least: Level | undefined): boolean {
  return least !== undefined && isLevel(level) && LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
