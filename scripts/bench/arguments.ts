/** What `npm run bench` can be told. */
export interface BenchArguments {
  /** Small numbers, to see that everything runs. */
  readonly quick: boolean;
  readonly wire: boolean;
  readonly device: boolean;
}

export const usage = `npm run bench                      all rows
npm run bench -- --only wire       the relay and its peers
npm run bench -- --only device     the app in Chromium
npm run bench -- --quick           small numbers, to see that it runs`;

/** Null: it makes no sense. */
export function parseArguments(given: readonly string[]): BenchArguments | null {
  let quick = false;
  let only: string | undefined;
  for (let i = 0; i < given.length; i++) {
    if (given[i] === '--quick') quick = true;
    else if (given[i] === '--only' && (given[i + 1] === 'wire' || given[i + 1] === 'device')) only = given[++i];
    else return null;
  }
  return { quick, wire: only !== 'device', device: only !== 'wire' };
}
