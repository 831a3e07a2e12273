// images.*: pictures made from words.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { Images, ImagesGenerationsCreateParams } from "../generated/types.ts";

export interface ImagesDeps {
  readonly makeImages: (params: ImagesGenerationsCreateParams, call: Call) => Promise<Images>;
}

export function imagesMethods({ makeImages }: ImagesDeps): HandlersOf<"images", Call> {
  return { "images.generations.create": makeImages };
}
