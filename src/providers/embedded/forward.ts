// The forward pass of a llama-style decoder: one token in, the scores of the next one out. Plain loops over small arrays;
// nothing is allocated a token.

import { attend } from "./attention.ts";
import { KeyValueCache } from "./cache.ts";
import { multiply } from "./matrix.ts";
import { type StoredTensor, widen } from "./weights.ts";

/** The part of a Hugging Face llama configuration that is used. Key-value heads are as many as heads. */
export interface ModelConfig {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly head_dim: number;
  readonly max_position_embeddings: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
}

interface Layer {
  readonly attentionNorm: Float32Array;
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly output: Float32Array;
  readonly feedForwardNorm: Float32Array;
  readonly gate: Float32Array;
  readonly up: Float32Array;
  readonly down: Float32Array;
}

export class Decoder {
  readonly config: ModelConfig;
  readonly #embedding: Float32Array;
  readonly #finalNorm: Float32Array;
  readonly #layers: readonly Layer[];
  readonly #rotation: Rotation;
  /** What the layers add to. */
  readonly #stream: Float32Array;
  readonly #normed: Float32Array;
  readonly #query: Float32Array;
  readonly #key: Float32Array;
  readonly #value: Float32Array;
  readonly #attended: Float32Array;
  readonly #gate: Float32Array;
  readonly #up: Float32Array;
  readonly #logits: Float32Array;
  readonly #weights: Float32Array;

  constructor(config: ModelConfig, stored: ReadonlyMap<string, StoredTensor>) {
    this.config = config;
    const take = (name: string): Float32Array => load(stored, name);
    this.#embedding = take("model.embed_tokens.weight");
    this.#finalNorm = take("model.norm.weight");
    this.#layers = Array.from({ length: config.num_hidden_layers }, (_, index) => loadLayer(take, index));
    this.#rotation = createRotation(config);
    const hidden = (): Float32Array => new Float32Array(config.hidden_size);
    [this.#stream, this.#normed, this.#query] = [hidden(), hidden(), hidden()];
    [this.#key, this.#value, this.#attended] = [hidden(), hidden(), hidden()];
    this.#gate = new Float32Array(config.intermediate_size);
    this.#up = new Float32Array(config.intermediate_size);
    this.#logits = new Float32Array(config.vocab_size);
    this.#weights = new Float32Array(config.max_position_embeddings);
  }

  createCache(): KeyValueCache {
    const { num_hidden_layers, hidden_size, max_position_embeddings } = this.config;
    return new KeyValueCache(num_hidden_layers, hidden_size, max_position_embeddings);
  }

  /** Adds a token to what the cache has seen. */
  feed(cache: KeyValueCache, token: number): void {
    const { hidden_size, rms_norm_eps } = this.config;
    const stream = this.#stream;
    stream.set(this.#embedding.subarray(token * hidden_size, (token + 1) * hidden_size));
    cache.reserve();
    for (let index = 0; index < this.#layers.length; index++) {
      const layer = this.#layers[index] as Layer;
      normalise(this.#normed, stream, layer.attentionNorm, rms_norm_eps);
      this.#attention(layer, cache.keys(index), cache.values(index), cache.length);
      normalise(this.#normed, stream, layer.feedForwardNorm, rms_norm_eps);
      this.#feedForward(layer);
    }
    cache.length++;
  }

  /** Scores of what follows the token that was fed last. Valid until the next call. */
  logits(): Float32Array {
    normalise(this.#normed, this.#stream, this.#finalNorm, this.config.rms_norm_eps);
    multiply(this.#logits, this.#embedding, this.#normed);
    return this.#logits;
  }

  #attention(layer: Layer, keys: Float32Array, values: Float32Array, position: number): void {
    const { hidden_size, head_dim } = this.config;
    multiply(this.#query, layer.query, this.#normed);
    multiply(this.#key, layer.key, this.#normed);
    multiply(this.#value, layer.value, this.#normed);
    this.#rotation(this.#query, position);
    this.#rotation(this.#key, position);
    keys.set(this.#key, position * hidden_size);
    values.set(this.#value, position * hidden_size);
    attend(this.#attended, this.#query, { keys, values, positions: position + 1 }, head_dim, this.#weights);
    multiply(this.#normed, layer.output, this.#attended);
    add(this.#stream, this.#normed);
  }

  #feedForward(layer: Layer): void {
    multiply(this.#gate, layer.gate, this.#normed);
    multiply(this.#up, layer.up, this.#normed);
    const gate = this.#gate;
    const up = this.#up;
    for (let i = 0; i < gate.length; i++) {
      const x = gate[i] as number;
      gate[i] = (x / (1 + Math.exp(-x))) * (up[i] as number);
    }
    multiply(this.#normed, layer.down, this.#gate);
    add(this.#stream, this.#normed);
  }
}

function loadLayer(take: (name: string) => Float32Array, index: number): Layer {
  const of = (name: string): Float32Array => take(`model.layers.${index}.${name}.weight`);
  return {
    attentionNorm: of("input_layernorm"),
    query: of("self_attn.q_proj"),
    key: of("self_attn.k_proj"),
    value: of("self_attn.v_proj"),
    output: of("self_attn.o_proj"),
    feedForwardNorm: of("post_attention_layernorm"),
    gate: of("mlp.gate_proj"),
    up: of("mlp.up_proj"),
    down: of("mlp.down_proj"),
  };
}

function load(stored: ReadonlyMap<string, StoredTensor>, name: string): Float32Array {
  const source = stored.get(name);
  if (!source) throw new RangeError(`the weights have no tensor ${name}`);
  const tensor = new Float32Array(source.halves.length);
  widen(source.halves, tensor);
  return tensor;
}

function add(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (part[i] as number);
}

/** RMSNorm: divided by the root of the mean square, times a learned scale. */
function normalise(out: Float32Array, x: Float32Array, scale: Float32Array, epsilon: number): void {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] as number) * (x[i] as number);
  const factor = 1 / Math.sqrt(squares / x.length + epsilon);
  for (let i = 0; i < x.length; i++) out[i] = (x[i] as number) * factor * (scale[i] as number);
}

type Rotation = (heads: Float32Array, position: number) => void;

/** Rotary position: in each head, element i and the one half a head further turn by an angle that grows with the position. */
function createRotation({ head_dim, max_position_embeddings, rope_theta }: ModelConfig): Rotation {
  const half = head_dim / 2;
  const angle = (i: number): number => Math.floor(i / half) * rope_theta ** (-(i % half) / half);
  const cosines = Float32Array.from({ length: max_position_embeddings * half }, (_, i) => Math.cos(angle(i)));
  const sines = Float32Array.from({ length: max_position_embeddings * half }, (_, i) => Math.sin(angle(i)));
  return (heads, position) => {
    for (let head = 0; head < heads.length; head += head_dim) {
      for (let i = 0; i < half; i++) {
        const cosine = cosines[position * half + i] as number;
        const sine = sines[position * half + i] as number;
        const first = heads[head + i] as number;
        const second = heads[head + half + i] as number;
        heads[head + i] = first * cosine - second * sine;
        heads[head + half + i] = second * cosine + first * sine;
      }
    }
  };
}
