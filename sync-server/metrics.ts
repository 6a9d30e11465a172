import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The figures of one server, for Prometheus to scrape at `/metrics`. Each part makes its own measures through this, once, when it is
 * composed; a second server in the same process has its own registry.
 *
 * Names begin with `chatsync_`, end in their unit (`_seconds`, `_bytes`, `_total`), and carry no label a stranger could choose.
 */
export interface Metrics {
  readonly registry: Registry;
  /** A number that only grows. */
  counter<Label extends string = never>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  /** A number as it is now; with `read` it is asked for at each scrape. */
  gauge(name: string, help: string, read?: () => number): Gauge;
  /** How often, how much in all, and how it is spread over `buckets` (upper bounds, rising). */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly Label[],
  ): Histogram<Label>;
}

/** Bounds in seconds that tell a quick answer from a slow one, from 1 ms to 10 s. */
export const latencyBuckets: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** @param process also measures the process (memory, event loop, garbage collection): for the one server of a process, since its hooks stay */
export function createMetrics(options: { readonly process: boolean }): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: labels, registers }),
    gauge: (name, help, read) =>
      new Gauge({
        name,
        help,
        registers,
        ...(read && {
          collect() {
            this.set(read());
          },
        }),
      }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ name, help, buckets: [...buckets], labelNames: labels, registers }),
  };
}
