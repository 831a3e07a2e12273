// Which token comes next. Pure: scores, wishes and chance come in, a token goes out. Order of the wishes as at OpenAI:
// bias and penalties change the scores, temperature their spread, top_p cuts the tail, chance picks.

/** The caller's wishes, with OpenAI's meanings. */
export interface Sampling {
  /** 0: always the most likely token. */
  readonly temperature: number;
  /** Only the most likely tokens whose probabilities reach this sum; at least one. */
  readonly topP: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  /** Added to the scores of tokens; ids that do not exist are ignored. */
  readonly logitBias: ReadonlyMap<number, number>;
}

/** Natural logarithms of probabilities. */
export interface Likelihood {
  readonly token: number;
  readonly logprob: number;
}

/** `counts`: how often each token was generated; `random`: numbers in [0, 1), drawn once unless the answer is certain. */
export function chooseToken(
  logits: Float32Array,
  sampling: Sampling,
  counts: ReadonlyMap<number, number>,
  random: () => number,
): number {
  const scores = adjusted(logits, sampling, counts);
  const best = mostLikely(scores);
  if (sampling.temperature === 0 || sampling.topP === 0) return best;
  const candidates = probabilities(scores, scores[best] as number, sampling.temperature);
  return sampling.topP < 1 ? drawFromTop(candidates, sampling.topP, random()) : draw(candidates, random());
}

/** The lowest id among equals. */
export function mostLikely(scores: Float32Array): number {
  let best = 0;
  for (let token = 1; token < scores.length; token++) {
    if ((scores[token] as number) > (scores[best] as number)) best = token;
  }
  return best;
}

/** Of the model's own distribution, before any wish: the chosen token and the `top` most likely ones, best first. */
export function likelihoods(
  logits: Float32Array,
  chosen: number,
  top: number,
): { chosen: Likelihood; top: Likelihood[] } {
  const most = logits[mostLikely(logits)] as number;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  const total = most + Math.log(sum);
  const of = (token: number): Likelihood => ({ token, logprob: (logits[token] as number) - total });
  return { chosen: of(chosen), top: topTokens(logits, top).map(of) };
}

/** By insertion into a short list: `count` is at most 20. */
function topTokens(logits: Float32Array, count: number): number[] {
  const top: number[] = [];
  for (let token = 0; token < logits.length && count > 0; token++) {
    const logit = logits[token] as number;
    let place = top.length;
    while (place > 0 && logit > (logits[top[place - 1] as number] as number)) place--;
    if (place === count) continue;
    top.splice(place, 0, token);
    if (top.length > count) top.pop();
  }
  return top;
}

/** The scores themselves when nothing changes them. */
function adjusted(logits: Float32Array, sampling: Sampling, counts: ReadonlyMap<number, number>): Float32Array {
  const { frequencyPenalty, presencePenalty, logitBias } = sampling;
  const penalised = frequencyPenalty !== 0 || presencePenalty !== 0;
  if (!penalised && logitBias.size === 0) return logits;
  const scores = logits.slice();
  for (const [token, bias] of logitBias) if (token in scores) scores[token] = (scores[token] as number) + bias;
  if (!penalised) return scores;
  for (const [token, count] of counts) {
    scores[token] = (scores[token] as number) - count * frequencyPenalty - presencePenalty;
  }
  return scores;
}

/** Sum to 1. */
function probabilities(scores: Float32Array, most: number, temperature: number): Float64Array {
  const result = new Float64Array(scores.length);
  let sum = 0;
  for (let token = 0; token < scores.length; token++) {
    const weight = Math.exp(((scores[token] as number) - most) / temperature);
    result[token] = weight;
    sum += weight;
  }
  for (let token = 0; token < result.length; token++) result[token] = (result[token] as number) / sum;
  return result;
}

function draw(probability: Float64Array, chance: number): number {
  let left = chance;
  let last = 0;
  for (let token = 0; token < probability.length; token++) {
    const share = probability[token] as number;
    if (share === 0) continue;
    if (left < share) return token;
    left -= share;
    last = token;
  }
  return last;
}

/** All tokens below (1 - topP) / size weigh less than 1 - topP together, so they can't be in the top: few are sorted. */
function drawFromTop(probability: Float64Array, topP: number, chance: number): number {
  const least = (1 - topP) / probability.length;
  const share = (token: number): number => probability[token] as number;
  const ranked: number[] = [];
  for (let token = 0; token < probability.length; token++) if (share(token) >= least) ranked.push(token);
  ranked.sort((a, b) => share(b) - share(a) || a - b);
  let mass = 0;
  let kept = 0;
  while (kept < ranked.length && mass < topP) mass += share(ranked[kept++] as number);
  let left = chance * mass;
  for (let rank = 0; rank < kept; rank++) {
    left -= share(ranked[rank] as number);
    if (left < 0) return ranked[rank] as number;
  }
  return ranked[kept - 1] as number;
}
