/**
 * The commit queue (W2): everything that waits is one transaction; while it runs the next batch gathers. No timer.
 *
 *   R3  a push is answered after the COMMIT, never before
 *   R4  what is handed on to be broadcast is committed
 *   R6  a push sent again is answered with the seq it was stored with
 *   R8  membership, holder and next clock are checked inside the commit, by `commit_updates`
 *   R11 a push that is refused takes no other one with it
 *   W5  without a database pushes are answered `unavailable`; the devices keep them
 */
import { Refusal } from '#schema/errors.ts';
import type { ConversationId } from '#schema/ids.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { createCommitConnection, Unreachable } from './commit-connection.ts';
import { formBatch, type BatchedChain } from './form-batch.ts';
import type { RelayFigures } from './relay-figures.ts';
import type { Committed } from './relay.ts';
import { resolveReplays } from './resolve-replay.ts';
import { settleBatch, type ConversationCommit, type LatePushes } from './settle-batch.ts';
import { QueuedPush, type PushOrigin, type WaitingPush } from './waiting-push.ts';

export interface CommitQueue {
  /** Takes a push; it is answered through `push.answer`. */
  add(push: WaitingPush): void;
  /**
   * Null, unless something of a conversation is under way whose rows may be stored already: then it resolves once they are announced, or
   * known to be none.
   */
  underWay(conversation: ConversationId): Promise<unknown> | null;
  /** Finishes what runs, answers the rest `unavailable`. */
  close(): Promise<void>;
}

export interface CommitQueueDeps {
  readonly database: Database;
  readonly logger: Logger;
  readonly figures: RelayFigures;
  /** For how long a batch is tried, ms. */
  readonly patienceMs: number;
  /** Told of each commit, in order. It may answer the pushes as it goes; those it leaves are answered when it returns. Must not throw. */
  readonly committed: (commits: readonly ConversationCommit[]) => void;
  /** Something was found to be committed of which nobody may have been told; `origin` has just been answered, unless it is null. */
  readonly overlooked: (conversation: ConversationId, committed: Committed, origin: PushOrigin) => void;
}

/** Pushes and bytes that may wait in all: some seconds' worth at the highest rate. Above it pushes are turned away. */
const mostWaiting = 50_000;
const mostWaitingBytes = 64 << 20;

export function createCommitQueue(deps: CommitQueueDeps): CommitQueue {
  const { database, logger, figures } = deps;
  const connection = createCommitConnection(database, deps.patienceMs, (error) => {
    figures.commitRetries.inc();
    logger.warn({ err: error }, 'a commit is tried again');
  });
  let waiting: QueuedPush[] = [];
  let waitingBytes = 0;
  let scheduled = false;
  let closed = false;
  let running: { readonly chains: readonly BatchedChain[]; readonly turn: Promise<void> } | null = null;
  const resolving = new Map<Promise<void>, ConversationId>();

  function schedule(): void {
    if (scheduled || running !== null || waiting.length === 0) return;
    scheduled = true;
    // After everything the sockets have to say in this turn of the event loop, so that it is one batch.
    setImmediate(() => {
      scheduled = false;
      if (waiting.length === 0) return;
      const batch = formBatch(waiting);
      waiting = batch.rest;
      for (const { pushes } of batch.chains) for (const push of pushes) waitingBytes -= push.admitted.bytes.length;
      const turn = commit(batch.chains);
      running = { chains: batch.chains, turn };
      void turn.then(() => {
        running = null;
        schedule();
      });
    });
  }

  /** Never rejects: each push of the chains is answered, put back, or being compared afterwards. */
  async function commit(chains: readonly BatchedChain[]): Promise<void> {
    const stop = figures.commitSeconds.startTimer();
    try {
      const { outcomes, uncertain } = await connection.commit(chains.map((one) => one.chain));
      stop();
      figures.commitRows.observe(chains.reduce((rows, one) => rows + one.chain.rows.length, 0));
      const { commits, late, refused, again } = settleBatch(chains, outcomes);
      if (again.length > 0) enqueue(again, true);
      if (commits.length > 0) announce(commits);
      for (const { push, refusal } of refused) answer(push, refusal, refusal.code);
      for (const one of late) compare(one, uncertain);
    } catch (error) {
      if (error instanceof Unreachable) {
        // Those behind would wait as long for the same answer.
        refuse([...chains.flatMap((one) => one.pushes), ...takeWaiting()], new Refusal('unavailable'));
      } else if (chains.length > 1) {
        // The statement itself was not accepted: whoever is the cause is found by halves, and the others are stored.
        const half = chains.length >> 1;
        await commit(chains.slice(0, half));
        await commit(chains.slice(half));
      } else {
        logger.error({ err: error, conversation: chains[0]?.chain.conversation }, 'a chain was not accepted');
        refuse(
          chains.flatMap((one) => one.pushes),
          new Refusal('internal'),
        );
      }
    }
  }

  function announce(commits: readonly ConversationCommit[]): void {
    deps.committed(commits);
    let stored = 0;
    for (const { rows } of commits) {
      for (const { push, committed } of rows) {
        if (committed === null) continue;
        push.answer(committed);
        stored++;
      }
    }
    figures.pushes.inc({ outcome: 'stored' }, stored);
  }

  /** Compares pushes with what stands in their place; commits go on meanwhile. */
  function compare({ pushes, expected, otherwise }: LatePushes, uncertain: boolean): void {
    const work = (async () => {
      try {
        const verdicts = await resolveReplays(database, pushes, expected);
        verdicts.forEach((verdict, i) => {
          const push = pushes[i] as QueuedPush;
          if (verdict instanceof Refusal || ('rest' in verdict && (otherwise !== null || closed))) {
            const refusal = otherwise ?? (verdict instanceof Refusal ? verdict : new Refusal('unavailable'));
            answer(push, refusal, refusal.code);
          } else if ('rest' in verdict) {
            push.admitted = verdict.rest;
            push.turns++;
            enqueue([push], true);
          } else {
            const { conversation, origin } = push.push;
            answer(push, verdict.committed, uncertain ? 'stored' : 'replay');
            deps.overlooked(conversation, verdict.committed, verdict.exact ? origin : null);
          }
        });
      } catch (error) {
        logger.error({ err: error }, 'what stands in the place of a push could not be read');
        refuse(pushes, new Refusal('unavailable'));
      }
    })();
    const [first] = pushes;
    if (first) resolving.set(work, first.push.conversation);
    void work.finally(() => resolving.delete(work));
  }

  function answer(push: QueuedPush, result: Parameters<QueuedPush['answer']>[0], outcome: string): void {
    if (push.answer(result)) figures.pushes.inc({ outcome });
  }

  function refuse(pushes: readonly QueuedPush[], refusal: Refusal): void {
    for (const push of pushes) answer(push, refusal, refusal.code);
  }

  function enqueue(pushes: readonly QueuedPush[], first: boolean): void {
    for (const push of pushes) waitingBytes += push.admitted.bytes.length;
    if (first) waiting.unshift(...pushes);
    else waiting.push(...pushes);
    schedule();
  }

  function takeWaiting(): QueuedPush[] {
    const taken = waiting;
    waiting = [];
    waitingBytes = 0;
    return taken;
  }

  return {
    add(push) {
      const queued = new QueuedPush(push);
      if (closed || waiting.length >= mostWaiting || waitingBytes >= mostWaitingBytes)
        refuse([queued], new Refusal('unavailable'));
      else enqueue([queued], false);
    },
    underWay(conversation) {
      const works: Promise<void>[] = [];
      for (const [work, of] of resolving) if (of === conversation) works.push(work);
      if (running?.chains.some(({ chain }) => chain.conversation === conversation)) works.push(running.turn);
      return works.length === 0 ? null : Promise.all(works);
    },
    async close() {
      closed = true;
      refuse(takeWaiting(), new Refusal('unavailable'));
      await running?.turn;
      await Promise.all(resolving.keys());
      refuse(takeWaiting(), new Refusal('unavailable'));
      connection.close();
    },
  };
}
