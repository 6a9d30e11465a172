import type { UserId } from '#schema/ids.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { Database } from '../store/database.ts';
import { createCommitQueue } from './commit-queue.ts';
import { createIntake } from './intake.ts';
import { createNotices } from './notices.ts';
import { createRelayFigures } from './relay-figures.ts';
import type { Committed, PushedUpdate } from './relay.ts';
import { defaultWaits } from './waits.ts';

/** Writes updates without being a relay: for commands that run beside the server, or without one. */
export interface UpdateWriter {
  /**
   * Checks and commits an update as if its author had pushed it; servers that run tell their devices. Many at once make large
   * transactions.
   * @throws Refusal
   */
  push(pushed: PushedUpdate): Promise<Committed>;
  /** After a relational change was committed: servers that run tell the devices of these users. */
  relationalChange(users: readonly UserId[]): void;
  close(): Promise<void>;
}

export interface WriterDeps {
  /** Stays the caller's. */
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** ms since 1970. */
  now(): number;
}

export async function createWriter({ database, logger, metrics, now }: WriterDeps): Promise<UpdateWriter> {
  const figures = createRelayFigures(metrics);
  const { noticesMs, presenceMs, commitPatienceMs } = defaultWaits;
  const notices = await createNotices({
    database,
    logger,
    noticesMs,
    presenceMs,
    heard: () => undefined,
    doubt: () => undefined,
  });
  const queue = createCommitQueue({
    database,
    logger,
    figures,
    patienceMs: commitPatienceMs,
    committed: (commits) =>
      notices.say({
        heads: commits.map(({ conversation, rows, version }) => [conversation, rows.at(-1)?.seq ?? 0, version]),
      }),
    overlooked: (conversation, { to }) => notices.say({ heads: [[conversation, to, '']] }),
  });
  const intake = createIntake(queue, figures, now);
  return {
    push: intake.push,
    relationalChange: (users) => notices.say({ users: [...users] }),
    async close() {
      await queue.close();
      await notices.close();
    },
  };
}
