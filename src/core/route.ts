// Which backends may serve a request, in the order in which to try them, and why others may not. Pure: the catalogue, the
// request and the targets' state in, a plan out. Every call passes here, so a model asked for by its id takes no detour.

import { mayUse, nameOf } from "./allowed.ts";
import { type Backend, type Catalogue, isUsable, type Model } from "./model.ts";
import type { Ask, Candidate, Outlook, Plan } from "./plan.ts";
import { type Meaning, meaningOf } from "./route/meaning.ts";
import { inOrder, REASON } from "./route/order.ts";
import { refusalOf } from "./route/refusal.ts";
import { type Cooling, NOT_NEEDED, Sieve } from "./route/sieve.ts";

/** Models tried for one `auto` request. */
const MAX_AUTO_MODELS = 8;

/**
 * Ready candidates in order, then those that cool down, by their earliest end. Throws `model_not_found` for a name that
 * means nothing; whatever else stands against the request is told in the plan.
 */
export function route(catalogue: Catalogue, ask: Ask, outlook: Outlook): Plan {
  const first = meaningOf(catalogue, ask.model, ask.strategy, "model");
  const sieve = new Sieve(ask, outlook);
  sift(catalogue, first, ask, sieve, false);
  let candidates = ordered(first, ask, outlook, sieve);
  let { cooling } = sieve;
  for (const [index, name] of ask.models.entries()) {
    const meaning = meaningOf(catalogue, name, ask.strategy, `/models/${index}`);
    if (name === ask.model || ask.models.indexOf(name) < index) continue;
    sieve.ready = [];
    sieve.cooling = [];
    sift(catalogue, meaning, ask, sieve, true);
    candidates = candidates.concat(ordered(meaning, ask, outlook, sieve));
    cooling = cooling.concat(sieve.cooling);
  }
  if (cooling.length > 0) candidates = candidates.concat(cooling.sort(byEnd).map(({ candidate }) => candidate));
  const plan: Plan = {
    requested: ask.model,
    strategy: first.order ?? "as configured",
    needs: ask.needs,
    candidates,
    dropped: sieve.dropped,
    open: first.kind === "auto",
    refusal: candidates.length > 0 ? undefined : refusalOf(ask, first, sieve),
  };
  return ask.models.length === 0 ? plan : { ...plan, ...distinct(plan), strategy: "models", open: true };
}

function sift(catalogue: Catalogue, meaning: Meaning, ask: Ask, sieve: Sieve, further: boolean): void {
  const reason = REASON[meaning.order ?? "priority"];
  switch (meaning.kind) {
    case "model":
      for (const backend of meaning.model.backends) sieve.consider(meaning.model, backend, further, reason);
      return;
    case "backend":
      sieve.consider(meaning.model, meaning.backend, further, reason);
      return;
    case "auto": {
      const demos = catalogue.models.some((model) => !model.demo && isCallable(model, ask)) ? "unneeded" : "needed";
      for (const model of catalogue.models)
        for (const backend of model.backends)
          if (model.demo && demos === "unneeded") sieve.drop(model, backend, NOT_NEEDED);
          else sieve.consider(model, backend, true, reason);
    }
  }
}

function isCallable(model: Model, { allowed }: Ask): boolean {
  return model.backends.some((backend) => isUsable(backend.provider) && mayUse(allowed, model, backend));
}

/** The ready ones of one name. What `auto` has found is cut here, the cooling ones too, and the rest dropped. */
function ordered(meaning: Meaning, ask: Ask, outlook: Outlook, sieve: Sieve): readonly Candidate[] {
  const { ready } = sieve;
  const inTurn = meaning.order && ready.length > 1 ? inOrder(ready, meaning.order, ask, outlook) : ready;
  if (meaning.kind !== "auto") return inTurn;
  const models = new Set<Model>();
  const isWithin = (candidate: Candidate): boolean => {
    const { model, backend } = candidate;
    if (models.size < MAX_AUTO_MODELS) models.add(model);
    else if (!models.has(model)) {
      sieve.dropped.push({ model, backend, reason: `auto tries ${MAX_AUTO_MODELS} models at most` });
      return false;
    }
    return true;
  };
  const within = inTurn.filter(isWithin);
  sieve.cooling = sieve.cooling.sort(byEnd).filter(({ candidate }) => isWithin(candidate));
  return within;
}

function byEnd(a: Cooling, b: Cooling): number {
  return a.until - b.until;
}

/** A backend that several names mean is tried once; it is dropped only where no name keeps it. */
function distinct({ candidates, dropped }: Plan): Pick<Plan, "candidates" | "dropped"> {
  const seen = new Set<string>();
  const isNew = ({ backend }: { readonly backend: Backend }): boolean => seen.size < seen.add(nameOf(backend)).size;
  return { candidates: candidates.filter(isNew), dropped: dropped.filter(isNew) };
}
