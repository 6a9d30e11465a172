import { Refusal } from '#schema/errors.ts';
import { admitUpdate } from './admit-update.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { RelayFigures } from './relay-figures.ts';
import type { Committed, PushedUpdate } from './relay.ts';
import type { PushOrigin } from './waiting-push.ts';

export interface Intake {
  /** Admits a push and queues it. `answer` is called once, at the earliest before this returns. */
  take(pushed: PushedUpdate, origin: PushOrigin, answer: (result: Committed | Refusal) => void): void;
  /** The same for one who waits. @throws Refusal */
  push(pushed: PushedUpdate): Promise<Committed>;
}

/** The way of every update, whoever brings it: admission, then the queue. */
export function createIntake(queue: CommitQueue, figures: RelayFigures, now: () => number): Intake {
  function take(
    { user, conversation, segment, update }: PushedUpdate,
    origin: PushOrigin,
    answer: (result: Committed | Refusal) => void,
  ): void {
    let admitted;
    try {
      admitted = admitUpdate(update, { user, segment, now: now(), foreignOrigins: 0 });
    } catch (error) {
      // Anything else is a fault of ours: the update is refused, and everybody else goes on.
      const refusal = error instanceof Refusal ? error : new Refusal('internal');
      figures.pushes.inc({ outcome: refusal.code });
      return answer(refusal);
    }
    queue.add({ user, conversation, segment, admitted, origin, answer });
  }

  return {
    take,
    push: (pushed) =>
      new Promise((resolve, reject) => {
        take(pushed, null, (result) => (result instanceof Refusal ? reject(result) : resolve(result)));
      }),
  };
}
