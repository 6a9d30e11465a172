/**
 * Tells everybody online what was committed (W4): acks to authors, deltas to every other socket of the members, in the order of the seqs.
 *
 *   R4   only what a COMMIT gave back comes in here
 *   R12  members are those as of the commit: their version is compared with the one the commit was made under
 *   S7   an own push is not sent back; the ack stands for it
 *
 * The usual case needs nothing but memory. Whatever does not fit takes the same way: `catch-up.ts`.
 */
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { readHead } from '../store/read-head.ts';
import { readMembers } from '../store/read-members.ts';
import { createCatchUp } from './catch-up.ts';
import { createMembersInUse } from './members-in-use.ts';
import type { Online } from './online.ts';
import type { Committed } from './relay.ts';
import { tellRows, type ToldRow } from './tell-rows.ts';
import type { ConversationCommit } from './settle-batch.ts';
import type { PushOrigin } from './waiting-push.ts';

export interface FanOut {
  /** Tells a commit of this node. Answers its pushes where that keeps acks and deltas in order. */
  committed(commits: readonly ConversationCommit[]): void;
  /** Another node committed something up to a seq; under which version, if that is known. */
  catchUp(conversation: ConversationId, seq: number, version: string | null): void;
  /** Something was found to be committed of which nobody may have been told; `origin` knows it from its ack. */
  overlooked(conversation: ConversationId, committed: Committed, origin: PushOrigin): void;
  /**
   * What is committed from now on is told without a gap, for as long as a stock provider is on the conversation: devices see a gap by their
   * cursors, providers do not. Called once the provider has joined, before what it is to begin with is read.
   */
  follow(conversation: ConversationId): Promise<void>;
  /** Nothing more of the conversation goes to a user. */
  drop(conversation: ConversationId, user: UserId): void;
  /** Present members of a conversation. */
  membersOf(conversation: ConversationId): Promise<readonly UserId[]>;
  /** Gives up what is tried again, and resolves when nothing is being caught up with. */
  close(): Promise<void>;
}

export interface FanOutDeps {
  readonly database: Database;
  readonly online: Online;
  readonly logger: Logger;
  /** Tells other nodes that a conversation is committed up to a seq, with these members. */
  readonly notify: (conversation: ConversationId, seq: number, version: string) => void;
  /** What was committed could not be told: everybody here is to learn the heads. */
  readonly untold: () => void;
}

export function createFanOut({ database, online, logger, notify, untold }: FanOutDeps): FanOut {
  const inUse = createMembersInUse(online.onConversation);
  const catching = createCatchUp({ database, online, logger, inUse, untold });

  function committed(commits: readonly ConversationCommit[]): void {
    for (const { conversation, version, rows } of commits) {
      const first = rows[0]?.seq ?? 0;
      const last = rows.at(-1)?.seq ?? 0;
      const state = inUse.get(conversation) ?? inUse.begin(conversation, first - 1);
      if (state.version === version && state.told === first - 1 && !state.catchingUp) {
        state.told = state.committed = last;
        tellRows(online, state, rows.map(toldRow));
      } else {
        heardOf(conversation, last, version, new Map(rows.map(({ seq, push }) => [seq, push.push.origin])));
      }
      notify(conversation, last, version);
    }
  }

  /** Something is committed up to a seq. `origins`: whose the rows are, as far as they are known; in their order. */
  function heardOf(
    conversation: ConversationId,
    seq: number,
    version: string | null,
    origins: ReadonlyMap<number, PushOrigin>,
  ): void {
    const [first = seq] = origins.keys();
    // A conversation that is not in use: who is online for it was told its head when they came, or is told by this.
    const state = inUse.get(conversation) ?? inUse.begin(conversation, first - 1);
    // It came into use while this was on its way, from a head that counts it.
    if (first <= state.from) return catching.early(state, first, origins);
    for (const [at, origin] of origins) if (at > state.told && origin !== null) state.origins.set(at, origin);
    catching.behind(state, seq, version);
  }

  return {
    committed,
    catchUp: (conversation, seq, version) => heardOf(conversation, seq, version, new Map()),
    overlooked(conversation, { seq, to }, origin) {
      const origins = new Map([[seq, origin]]);
      heardOf(conversation, to, null, origins.set(to, origin));
    },
    async follow(conversation) {
      if (inUse.get(conversation)) return;
      const head = await readHead(database, conversation);
      // What came into use meanwhile goes on from a commit that is told itself.
      if (head !== null && !inUse.get(conversation)) inUse.begin(conversation, head);
    },
    drop(conversation, user) {
      const state = inUse.get(conversation);
      if (!state) return;
      state.users = state.users.filter((one) => one !== user);
      state.version = null;
    },
    async membersOf(conversation) {
      const known = inUse.get(conversation);
      if (known?.version) return known.users;
      return (await readMembers(database, [conversation])).get(conversation)?.users ?? [];
    },
    close: catching.close,
  };
}

function toldRow({ seq, segment, bytes, push, committed }: ConversationCommit['rows'][number]): ToldRow {
  const { origin } = push.push;
  return {
    seq,
    segment,
    bytes,
    origin,
    isDeletion: committed === null,
    ...(committed && { answer: () => push.answer(committed) }),
  };
}
