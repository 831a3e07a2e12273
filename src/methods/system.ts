// system.*: the process itself.

import type { Call } from "../core/call.ts";
import type { IpTotals, Ledger } from "../core/ledger.ts";
import { type Catalogue, isUsable, isUsableModel, type ProviderEntry } from "../core/model.ts";
import type { HandlersOf } from "../generated/methods.ts";
import { VERSION } from "../generated/methods.ts";
import type { Health, Metrics, ReloadDiff, SystemInfo } from "../generated/types.ts";

export interface SystemDeps {
  readonly catalogue: () => Catalogue;
  readonly models: {
    readonly path: string;
    readonly loadedAt: number;
    readonly fault: string | undefined;
  };
  /** The configuration of MCP servers. */
  readonly mcp: { readonly fault: string | undefined };
  /** Reads all configuration files again. */
  readonly reload: () => ReloadDiff;
  readonly ledger: Pick<Ledger, "byIp" | "fault">;
  readonly metrics: { text(): Promise<string> };
  readonly waist: () => { readonly inFlight: number; readonly draining: boolean };
  readonly environment: Readonly<Record<string, string>>;
  readonly listeners: () => readonly string[];
  /** `process.version`. */
  readonly node: string;
  /** Seconds since the start. */
  readonly uptime: () => number;
}

/** Client addresses shown at most. */
const MAX_IPS = 1000;

export function systemMethods(deps: SystemDeps): HandlersOf<"system", Call> {
  return {
    "system.health": () => health(deps),
    "system.info": () => info(deps),
    "system.metrics": ({ format }) => (format === "detailed" ? detailed(deps) : prometheus(deps)),
    "system.reload": () => deps.reload(),
  };
}

function health({ catalogue, ledger, models, mcp, waist, uptime }: SystemDeps): Health {
  const all = catalogue().models;
  const usable = all.filter(isUsableModel).length;
  const faults = [
    usable === 0 ? "no model can be called" : undefined,
    ledger.fault === undefined ? undefined : `the request log can't be written: ${ledger.fault}`,
  ].filter((fault) => fault !== undefined);
  for (const { fault } of [models, mcp]) {
    if (fault !== undefined) faults.push(`the newest configuration was refused: ${fault}`.slice(0, 1024));
  }
  const broken = usable === 0 || ledger.fault !== undefined;
  return {
    status: waist().draining ? "draining" : broken ? "degraded" : "healthy",
    version: VERSION,
    uptime_s: Math.round(uptime() * 1000) / 1000,
    in_flight: waist().inFlight,
    models: { usable, configured: all.length },
    agents: { configured: 0 },
    ...(faults.length > 0 ? { faults } : {}),
  };
}

function info({ catalogue, models, environment, listeners, node }: SystemDeps): SystemInfo {
  const { models: all, providers } = catalogue();
  return {
    version: VERSION,
    node,
    listeners: [...listeners()],
    config: {
      path: models.path,
      loaded_at: new Date(models.loadedAt).toISOString(),
      models: all.length,
      ...(models.fault === undefined ? {} : { fault: models.fault }),
    },
    environment: { ...environment },
    providers: providers.map((provider) => ({
      name: provider.name,
      dialect: provider.dialect,
      usable: isUsable(provider),
      keys: provider.keys.filter((key) => key.secret !== undefined).length,
      models: all.filter((model) => model.backends.some((backend) => sameProvider(backend.provider, provider))).length,
      ...(provider.missing === undefined ? {} : { missing: provider.missing }),
    })),
  };
}

function sameProvider(a: ProviderEntry, b: ProviderEntry): boolean {
  return a.name === b.name;
}

async function prometheus({ metrics }: SystemDeps): Promise<Metrics> {
  return { text: await metrics.text() };
}

function detailed({ ledger }: SystemDeps): Metrics {
  return { ips: ledger.byIp(MAX_IPS).map(toWireIp) };
}

function toWireIp(totals: IpTotals): NonNullable<Metrics["ips"]>[number] {
  return {
    ip: totals.ip,
    requests: totals.requests,
    errors: totals.errors,
    first_seen: iso(totals.firstSeen),
    last_seen: iso(totals.lastSeen),
    in_flight: totals.inFlight,
    recent: totals.recent.map(({ requestId, startedAt, finishedAt, model, status }) => ({
      request_id: requestId,
      started_at: iso(startedAt),
      finished_at: iso(finishedAt),
      duration_ms: Math.max(0, finishedAt - startedAt),
      model,
      status,
    })),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
