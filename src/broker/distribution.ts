// A histogram for the hot path. prom-client looks a child up by its labels at every observation, which takes longer than
// all else that is counted of a call; here whoever observes keeps the series, and an observation is an array index.
// prom-client still writes it out: a Distribution is registered with its registry like its own metrics.

import type { Metric, Registry } from "prom-client";

export type Labels = Readonly<Record<string, string>>;

export interface DistributionConfig {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, ascending; the one of infinity is added. */
  readonly buckets: readonly number[];
  readonly registry: Registry;
}

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName: string;
}

export class Distribution {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly aggregator = "sum";
  readonly #buckets: readonly number[];
  readonly #series = new Map<string, Series>();

  constructor({ name, help, buckets, registry }: DistributionConfig) {
    this.name = name;
    this.help = help;
    this.#buckets = buckets;
    // All that a registry asks of a metric is its name and `get`.
    registry.registerMetric(this as unknown as Metric);
  }

  /** The same for the same labels, in the same order. */
  series(labels: Labels = {}): Series {
    const key = JSON.stringify(labels);
    const series = this.#series.get(key) ?? new Series(labels, this.#buckets);
    this.#series.set(key, series);
    return series;
  }

  async get() {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: [...this.#series.values()].flatMap((each) => each.samples(name)) };
  }
}

/** The observations under one set of labels. */
export class Series {
  readonly #labels: Labels;
  readonly #buckets: readonly number[];
  /** By bucket; the last is that of infinity. */
  readonly #counts: number[];
  #sum = 0;

  constructor(labels: Labels, buckets: readonly number[]) {
    this.#labels = labels;
    this.#buckets = buckets;
    this.#counts = new Array(buckets.length + 1).fill(0);
  }

  observe(value: number): void {
    const buckets = this.#buckets;
    let at = 0;
    while (at < buckets.length && value > (buckets[at] as number)) at++;
    (this.#counts[at] as number)++;
    this.#sum += value;
  }

  /** Buckets count all that is below them too, as Prometheus has it. */
  samples(name: string): Sample[] {
    let total = 0;
    const samples = this.#counts.map((count, at) => {
      total += count;
      const labels = { ...this.#labels, le: this.#buckets[at] ?? "+Inf" };
      return { metricName: `${name}_bucket`, labels, value: total };
    });
    if (total === 0) return [];
    return [
      ...samples,
      { metricName: `${name}_sum`, labels: this.#labels, value: this.#sum },
      { metricName: `${name}_count`, labels: this.#labels, value: total },
    ];
  }
}
