/**
 * Tells everybody online what was committed (W4): acks to authors, deltas to every other socket of the members, in the order of the seqs.
 *
 *   R4   only what a COMMIT gave back comes in here
 *   R12  members are those as of the commit: their version is compared with the one the commit was made under
 *   S7   an own push is not sent back; the ack stands for it
 *
 * The usual case needs nothing but memory. Whatever does not fit (the conversation was not in use, its members changed, other nodes
 * committed in between, an answer of the database was lost) takes the same way: what is missing is read by cursor and told.
 */
import type { ConversationId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { pullUpdates } from '../store/pull-updates.ts';
import { readHead } from '../store/read-head.ts';
import { readMembers } from '../store/read-members.ts';
import { createMembersInUse, type ConversationInUse } from './members-in-use.ts';
import type { Online } from './online.ts';
import { tellRows, type ToldRow } from './tell-rows.ts';
import type { ConversationCommit } from './settle-batch.ts';

export interface FanOut {
  /** Tells a commit of this node. Answers its pushes where that keeps acks and deltas in order. */
  committed(commits: readonly ConversationCommit[]): void;
  /** Something is committed up to a seq, by another node or without an answer to this one; under which version, if that is known. */
  catchUp(conversation: ConversationId, seq: number, version: string | null): void;
  /**
   * What is committed from now on is told without a gap, for as long as a stock provider is on the conversation: devices see a gap by their
   * cursors, providers do not. Called once the provider has joined, before what it is to begin with is read.
   */
  follow(conversation: ConversationId): Promise<void>;
  /** Nothing more of the conversation goes to a user. */
  drop(conversation: ConversationId, user: UserId): void;
  /** Present members of a conversation. */
  membersOf(conversation: ConversationId): Promise<readonly UserId[]>;
  /** Resolves when nothing is being caught up with. */
  settled(): Promise<void>;
}

export interface FanOutDeps {
  readonly database: Database;
  readonly online: Online;
  readonly logger: Logger;
  /** Tells other nodes that a conversation is committed up to a seq, with these members. */
  readonly notify: (conversation: ConversationId, seq: number, version: string) => void;
}

export function createFanOut({ database, online, logger, notify }: FanOutDeps): FanOut {
  const inUse = createMembersInUse(online.onConversation);
  const running = new Set<Promise<void>>();

  function committed(commits: readonly ConversationCommit[]): void {
    for (const { conversation, version, rows } of commits) {
      const first = rows[0]?.seq ?? 0;
      const last = rows.at(-1)?.seq ?? 0;
      const state = inUse.get(conversation) ?? inUse.begin(conversation, first - 1);
      if (state.version === version && state.told === first - 1 && !state.catchingUp) {
        state.told = state.committed = last;
        tellRows(online, state, rows.map(toldRow));
      } else {
        for (const { seq, push } of rows) if (push.push.origin !== null) state.origins.set(seq, push.push.origin);
        behind(state, last, version);
      }
      notify(conversation, last, version);
    }
  }

  function behind(state: ConversationInUse, seq: number, version: string | null): void {
    state.committed = Math.max(state.committed, seq);
    if (version !== null && version !== state.version) state.version = null;
    if (state.catchingUp || state.committed <= state.told) return;
    state.catchingUp = true;
    // It ends in the turn in which nothing is left, so that no commit falls in between.
    run(state, () => catchUpWith(state).finally(() => (state.catchingUp = false)));
  }

  function run(state: ConversationInUse, act: () => Promise<void>): void {
    const work = act()
      .catch((error: unknown) => {
        // Forgotten, it is read anew with the next commit; devices that miss something learn of it by the `after` of the next delta.
        forget(state.conversation);
        logger.warn(
          { err: error, conversation: state.conversation },
          'what was committed could not be read to be told',
        );
      })
      .finally(() => running.delete(work));
    running.add(work);
  }

  async function catchUpWith(state: ConversationInUse): Promise<void> {
    while (state.told < state.committed) {
      // Of what other nodes commit most has nobody here to be told.
      if (!(await hasReceivers(state))) toldThrough(state, state.committed);
      else if (!(await tellAfter(state, state.told, Infinity))) return;
    }
    state.catchingUp = false;
  }

  /**
   * Reads what was committed after a seq and tells it, up to the last that is asked for or as much as fits into one answer.
   * False: there is no such conversation any more.
   */
  async function tellAfter(state: ConversationInUse, after: number, last: number): Promise<boolean> {
    const { conversation } = state;
    const pulled = await pullUpdates(database, { conversation, after, user: null, bytes: LIMITS.deltaBytes });
    if (pulled === null) {
      forget(conversation);
      return false;
    }
    if (state.version !== pulled.version) await readMembersOf(state);
    const rows = pulled.rows.flatMap(({ seq, segment, bytes, replica }): ToldRow[] => {
      if (seq > last) return [];
      return [{ seq, segment, bytes, origin: state.origins.get(seq) ?? null, isDeletion: replica === null }];
    });
    const through = Math.min(pulled.through, last);
    state.committed = Math.max(state.committed, pulled.head);
    if (through > state.told) toldThrough(state, through);
    tellRows(online, state, rows, { after, through, head: pulled.head, resyncSegments: [...pulled.resyncSegments] });
    return true;
  }

  /**
   * Another node says so late that it committed something that this node has since told of what follows it. Whoever came without a gap
   * up to there takes it; the others see by it that they lack something, or have it.
   */
  function early(state: ConversationInUse, seq: number): void {
    const last = state.from;
    state.from = seq - 1;
    run(state, async () => {
      if (await hasReceivers(state)) await tellAfter(state, seq - 1, last);
    });
  }

  /** Stock providers on it missed something, and come back for it. */
  function forget(conversation: ConversationId): void {
    inUse.forget(conversation);
    for (const socket of online.segmentSockets(conversation, null)) socket.missedUpdates();
  }

  function toldThrough(state: ConversationInUse, seq: number): void {
    state.told = seq;
    for (const pushed of state.origins.keys()) if (pushed <= seq) state.origins.delete(pushed);
  }

  async function hasReceivers(state: ConversationInUse): Promise<boolean> {
    if (state.version === null) await readMembersOf(state);
    return online.onConversation(state.conversation) || state.users.some((user) => online.isOnline(user));
  }

  async function readMembersOf(state: ConversationInUse): Promise<void> {
    const members = (await readMembers(database, [state.conversation])).get(state.conversation);
    state.version = members?.version ?? null;
    state.users = members?.users ?? [];
  }

  return {
    committed,
    catchUp(conversation, seq, version) {
      // A conversation that is not in use: who is online for it was told its head when they came, or is told by this.
      const state = inUse.get(conversation) ?? inUse.begin(conversation, seq - 1);
      if (seq <= state.from) early(state, seq);
      else behind(state, seq, version);
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
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
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
