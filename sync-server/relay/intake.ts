import { Refusal } from '#schema/errors.ts';
import { LIMITS } from '#schema/limits.ts';
import { admitUpdate } from './admit-update.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { RelayFigures } from './relay-figures.ts';
import type { Committed, PushedUpdate } from './relay.ts';
import type { PushOrigin } from './waiting-push.ts';

/** From where a push comes. */
export interface PushSource {
  readonly origin: PushOrigin;
  /** Written by a stock Y.Doc, which may take an item of another replica as origin (D2). */
  readonly stock: boolean;
}

export interface Intake {
  /** Admits a push and queues it. `answer` is called once, at the earliest before this returns. */
  take(pushed: PushedUpdate, source: PushSource, answer: (result: Committed | Refusal) => void): void;
  /** The same for one who waits. @throws Refusal */
  push(pushed: PushedUpdate): Promise<Committed>;
}

/** The way of every update, whoever brings it: admission, then the queue. */
export function createIntake(queue: CommitQueue, figures: RelayFigures, now: () => number): Intake {
  function take(
    { user, conversation, segment, update }: PushedUpdate,
    { origin, stock }: PushSource,
    answer: (result: Committed | Refusal) => void,
  ): void {
    let admitted;
    try {
      admitted = admitUpdate(update, { user, segment, now: now(), foreignOrigins: stock ? LIMITS.foreignOrigins : 0 });
    } catch (error) {
      // Anything else is a fault of ours: the update is refused, and everybody else goes on.
      const refusal = error instanceof Refusal ? error : new Refusal('internal');
      figures.pushes.inc({ outcome: refusal.code });
      return answer(refusal);
    }
    if (stock && admitted.needs.length > 0) figures.foreignOrigins.inc(admitted.needs.length);
    queue.add({ user, conversation, segment, admitted, origin, answer });
  }

  return {
    take,
    push: (pushed) =>
      new Promise((resolve, reject) => {
        take(pushed, { origin: null, stock: false }, (result) =>
          result instanceof Refusal ? reject(result) : resolve(result),
        );
      }),
  };
}
