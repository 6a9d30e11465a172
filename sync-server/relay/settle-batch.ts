/** What the outcomes of a transaction mean for the pushes that were in it. */
import { Refusal } from '#schema/errors.ts';
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { ChainOutcome } from '../store/commit-updates.ts';
import type { BatchedChain } from './form-batch.ts';
import type { Committed } from './relay.ts';
import type { QueuedPush } from './waiting-push.ts';

/** A row of the log that was committed just now. */
export interface CommittedRow {
  readonly seq: number;
  readonly segment: SegmentName;
  readonly bytes: Uint8Array;
  /** The push it came with. */
  readonly push: QueuedPush;
  /** What the push is to be answered; null for the deletion the relay stored after it. */
  readonly committed: Committed | null;
}

/** What one transaction added to a conversation: rows whose seqs follow each other. */
export interface ConversationCommit {
  readonly conversation: ConversationId;
  /** See `ChainOutcome.version`. */
  readonly version: string;
  readonly rows: readonly CommittedRow[];
}

/** Pushes whose place is taken, to be compared with what stands there. */
export interface LatePushes {
  readonly pushes: readonly QueuedPush[];
  /** The replica's next clock. */
  readonly expected: number;
  /** What to answer those that are no replay; null: what the comparison says. */
  readonly otherwise: Refusal | null;
}

/** Everything that follows from one transaction. */
export interface SettledBatch {
  readonly commits: readonly ConversationCommit[];
  readonly late: readonly LatePushes[];
  readonly refused: readonly { readonly push: QueuedPush; readonly refusal: Refusal }[];
  /** To be tried again, before anything else that waits: what came later of their replicas must not overtake them. */
  readonly again: readonly QueuedPush[];
}

/** A push that was overtaken this often by others of its own replica is given up. */
const mostTurns = 8;

/** @param outcomes one for each chain, in their order */
export function settleBatch(chains: readonly BatchedChain[], outcomes: readonly ChainOutcome[]): SettledBatch {
  const commits = new Map<ConversationId, { conversation: ConversationId; version: string; rows: CommittedRow[] }>();
  const late: LatePushes[] = [];
  const refused: { push: QueuedPush; refusal: Refusal }[] = [];
  const again: QueuedPush[] = [];

  chains.forEach(({ chain: { conversation }, pushes }, i) => {
    const outcome = outcomes[i];
    if (!outcome) throw new Error('commit_updates gave no outcome for a chain');
    if (outcome.outcome === 'stored') {
      let commit = commits.get(conversation);
      if (!commit) commits.set(conversation, (commit = { conversation, version: outcome.version ?? '', rows: [] }));
      addRows(commit.rows, pushes, outcome.firstSeq);
      return;
    }
    const { outcome: reason, expected } = outcome;
    // Whatever else is wrong by now (removed since, replica retired): what was stored before is answered as such (R6).
    const before = pushes.filter((push) => push.admitted.clock < expected);
    if (before.length > 0)
      late.push({ pushes: before, expected, otherwise: reason === 'clock' ? null : new Refusal(reason) });
    const rest = before.length > 0 ? pushes.slice(before.length) : pushes;
    if (reason === 'clock') {
      const next = rest[0]?.admitted.clock === expected && (rest[0]?.turns ?? 0) < mostTurns;
      if (next) again.push(...rest);
      else for (const push of rest) refused.push({ push, refusal: new Refusal('gap', undefined, expected) });
    } else if (pushes.length > 1 && isFault(reason)) {
      // One of them is at fault: each by itself, so that the others are stored.
      for (const push of rest) push.alone = true;
      again.push(...rest);
    } else {
      for (const push of rest) refused.push({ push, refusal: new Refusal(reason) });
    }
  });
  for (const push of again) push.turns++;
  return { commits: [...commits.values()], late, refused, again };
}

/** Reasons that lie in what one push says, not in who sends it. */
function isFault(reason: ChainOutcome['outcome']): boolean {
  return reason === 'unknown-target' || reason === 'not-allowed' || reason === 'wrong-author';
}

function addRows(rows: CommittedRow[], pushes: readonly QueuedPush[], firstSeq: number): void {
  let seq = firstSeq;
  for (const push of pushes) {
    const { admitted } = push;
    const { segment } = push.push;
    const to = admitted.deletion === null ? seq : seq + 1;
    rows.push({ seq, segment, bytes: admitted.bytes, push, committed: { seq, to } });
    if (admitted.deletion !== null) rows.push({ seq: to, segment, bytes: admitted.deletion, push, committed: null });
    seq = to + 1;
  }
}
