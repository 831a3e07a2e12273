// The providers that need no entry in the configuration file: dialect, address and whether they want a key.

import type { ProviderConfig } from "../generated/types.ts";

type BuiltIn = Required<Pick<ProviderConfig, "dialect" | "base_url" | "auth">>;

export const BUILT_IN: Readonly<Record<string, BuiltIn>> = {
  openai: { dialect: "openai", base_url: "https://api.openai.com/v1", auth: "bearer" },
  openrouter: { dialect: "openai", base_url: "https://openrouter.ai/api/v1", auth: "bearer" },
  groq: { dialect: "openai", base_url: "https://api.groq.com/openai/v1", auth: "bearer" },
  sambanova: { dialect: "openai", base_url: "https://api.sambanova.ai/v1", auth: "bearer" },
  anthropic: { dialect: "anthropic", base_url: "https://api.anthropic.com", auth: "bearer" },
  ollama: { dialect: "ollama", base_url: "http://localhost:11434", auth: "none" },
  lmstudio: { dialect: "openai", base_url: "http://localhost:1234/v1", auth: "none" },
  vllm: { dialect: "openai", base_url: "http://localhost:8000/v1", auth: "none" },
  llamacpp: { dialect: "openai", base_url: "http://localhost:8080/v1", auth: "none" },
  local: { dialect: "command", base_url: "command:", auth: "none" },
  embedded: { dialect: "embedded", base_url: "embedded:", auth: "none" },
};
