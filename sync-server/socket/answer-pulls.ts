import { LIMITS } from '#schema/limits.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { Pull } from '#schema/wire/delta.ts';
import type { Logger } from '../logger.ts';
import type { RelayCore } from '../relay/create-core.ts';
import type { Database } from '../store/database.ts';
import { pullUpdates } from '../store/pull-updates.ts';
import type { DeviceSession } from './device-session.ts';

/**
 * Answers the questions of a session in their order, one at a time: while its buffer is full it waits (C7), and what the others ask is
 * read in between.
 */
export function createPullAnswers(
  core: RelayCore,
  database: Database,
  logger: Logger,
): (session: DeviceSession) => void {
  async function answerAll(session: DeviceSession): Promise<void> {
    while (session.keepsUp) {
      const pull = session.pulls?.shift();
      if (!pull) return;
      await answer(session, pull);
    }
  }

  async function answer(session: DeviceSession, { conversation, after }: Pull): Promise<void> {
    const { user } = session;
    const pulled = await core.reads.run(() =>
      pullUpdates(database, { conversation, after, user, bytes: LIMITS.deltaBytes }),
    );
    if (pulled === null) {
      // No member, or no conversation: nothing came after. The changes say why.
      session.send({
        type: 'delta',
        conversation,
        after,
        through: after,
        head: after,
        updates: [],
        resyncSegments: [],
      });
      return core.refresher.device(session);
    }
    const { through, head, rows, resyncSegments } = pulled;
    core.figures.pulledBytes.inc(rows.reduce((bytes, row) => bytes + row.bytes.length, 0));
    const updates = rows.map(({ seq, segment, bytes }) => ({ seq, segment, update: bytes }));
    session.send({ type: 'delta', conversation, after, through, head, updates, resyncSegments: [...resyncSegments] });
  }

  return (session) => {
    if (session.pulling) return;
    session.pulling = true;
    answerAll(session)
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'what a device missed could not be read');
        // Without an answer it would wait for ever: it comes back and asks again.
        session.end(CLOSE.goingAway, 'The server could not read what was asked for.');
      })
      .finally(() => {
        session.pulling = false;
      });
  };
}
