/** What a callback was given as its error, as an Error: libraries also pass text. */
export function asError(given: unknown): Error {
  return given instanceof Error ? given : new Error('a library failed without an Error', { cause: given });
}
