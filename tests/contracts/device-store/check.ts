/** Assertions that run in Node and in a page alike. */

/** @throws Error showing both when they differ; the order of keys does not matter. */
export function equal(actual: unknown, expected: unknown, what = 'value'): void {
  const [one, other] = [written(actual), written(expected)];
  if (one !== other) throw new Error(`${what}: expected ${other}, got ${one}`);
}

export function truthy(value: unknown, what: string): asserts value {
  if (value === null || value === undefined || value === false)
    throw new Error(`expected ${what}, got ${String(value)}`);
}

/** @throws Error when the promise is fulfilled. */
export async function rejects(promise: Promise<unknown>, what: string): Promise<void> {
  const failed = await promise.then(
    () => false,
    () => true,
  );
  if (!failed) throw new Error(`expected ${what} to fail`);
}

function written(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'undefined';
}

function sorted(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}
