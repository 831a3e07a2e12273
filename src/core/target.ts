// A backend with one key of its provider: what one upstream call is made to.

import type { Backend, Model, ProviderKey } from "./model.ts";

export interface Target {
  readonly model: Model;
  readonly backend: Backend;
  readonly key: ProviderKey;
}
