import { Refusal } from '#schema/errors.ts';
import { admitUpdate } from '#server/relay/admit-update.ts';
import { commitUpdates, type Chain } from '#server/store/commit-updates.ts';
import type { Queryable } from '#server/store/database.ts';
import type { ImportRelay, PushedChain, PushOutcome } from './import-relay.ts';

/** The relay's own admission and commit, in this process. @param now ms since 1970 */
export function createImportRelay(database: Queryable, now: () => number): ImportRelay {
  return {
    async push(chains) {
      const outcomes = chains.map((chain): PushOutcome | Chain => {
        try {
          return admitted(chain, now());
        } catch (error) {
          if (error instanceof Refusal) return error.code;
          throw error;
        }
      });
      const good = outcomes.filter((outcome) => typeof outcome !== 'string');
      const stored = good.length > 0 ? await commitUpdates(database, good) : [];
      let next = 0;
      return outcomes.map((outcome) =>
        typeof outcome === 'string' ? outcome : (stored[next++]?.outcome ?? 'unavailable'),
      );
    },
    async relationalChange() {},
  };
}

/** @throws Refusal as a device would get it */
function admitted(chain: PushedChain, now: number): Chain {
  const { user, segment } = chain;
  const updates = chain.rows.map((row) => admitUpdate(row.bytes, { user, segment, now, foreignOrigins: 0 }));
  return {
    ...chain,
    asAdmin: updates.some((update) => update.asAdmin),
    needs: updates.flatMap((update) => update.needs),
    rows: updates.map(({ clock, count, bytes }) => ({ clock, count, bytes })),
  };
}
