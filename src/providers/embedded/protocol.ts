// What the main thread and the model's thread say to each other. Plain data only, since it is copied between them.

import type { TokenLogprob } from "../../generated/types.ts";

/** The model knows three roles. */
export interface Turn {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
}

/** A chat request in the model's own terms. */
export interface GenerateRequest {
  /** Oldest first. */
  readonly turns: readonly Turn[];
  readonly choices: number;
  /** Tokens a choice; absent: what is left of the context. */
  readonly maxTokens: number | undefined;
  /** Not empty. */
  readonly stops: readonly string[];
  /** Any safe integer. */
  readonly seed: number;
  readonly temperature: number;
  readonly topP: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  readonly logitBias: ReadonlyMap<number, number>;
  /** How many alternatives each token is shown with; absent: no log-probabilities. */
  readonly topLogprobs: number | undefined;
}

/** To the model's thread. */
export type Order =
  | { readonly kind: "generate"; readonly id: number; readonly request: GenerateRequest }
  /** The reader took that many deltas. */
  | { readonly kind: "taken"; readonly id: number; readonly count: number }
  | { readonly kind: "cancel"; readonly id: number };

/** What one step added to a choice. */
export interface Delta {
  readonly choice: number;
  readonly text: string;
  readonly logprobs: TokenLogprob[] | undefined;
  /** Set on the last delta of a choice. */
  readonly finish: "stop" | "length" | undefined;
}

/** In tokens. */
export interface Spent {
  readonly prompt: number;
  /** Of all choices, the end tokens included. */
  readonly completion: number;
}

/** To the main thread. `spent` comes with the last deltas of a call. */
export type Report =
  | { readonly kind: "deltas"; readonly id: number; readonly deltas: Delta[]; readonly spent: Spent | undefined }
  /** The newest message alone is longer than the context. */
  | { readonly kind: "too-long"; readonly id: number };

/** Deltas of a call that may be on their way to a reader; beyond, its generation pauses. */
export const WINDOW = 64;
