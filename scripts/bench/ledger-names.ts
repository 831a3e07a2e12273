// Who calls what in the request log that the bench builds.

export const KEYS = 200;
export const ADDRESSES = 300;
export const MODELS = 20;
export const PROVIDERS = 6;
/** Each model at so many providers. */
const BACKENDS = 2;
export const SERVED = MODELS * BACKENDS;
export const INPUT = 400;
export const OUTPUT = 150;
/** The newest rows, which are in no sum yet: nearly as many as there can be. */
export const NOT_FOLDED = 200;

export const keyName = (n: number): string => `key_${String(n).padStart(8, "0")}`;
export const addressName = (n: number): string => `10.1.${Math.floor(n / 100)}.${n % 100}`;
export const modelOf = (served: number): string => `model-${served % MODELS}`;
export const providerOf = (served: number): string => `provider-${(served + Math.floor(served / MODELS)) % PROVIDERS}`;
