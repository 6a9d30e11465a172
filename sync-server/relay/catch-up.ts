/**
 * What cannot be told from memory is read by cursor and told: the conversation was not in use, its members changed, other nodes committed
 * in between, an answer of the database was lost. Told is no more than this node has heard to be committed: what a batch under way has
 * just stored is told once its answer is there, since only then is it known whose it is (S7).
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ConversationId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { pullUpdates } from '../store/pull-updates.ts';
import { readMembers } from '../store/read-members.ts';
import type { ConversationInUse, MembersInUse } from './members-in-use.ts';
import type { Online } from './online.ts';
import { tellRows, type ToldRow } from './tell-rows.ts';
import type { PushOrigin } from './waiting-push.ts';

export interface CatchUp {
  /** Something above what was told is committed up to a seq; under which version, if that is known. */
  behind(state: ConversationInUse, seq: number, version: string | null): void;
  /**
   * From a seq on something is committed of which only what follows was told so far. Whoever came without a gap up to there takes it; the
   * others see by it that they lack something, or have it. `origins` as in the conversation.
   */
  early(state: ConversationInUse, seq: number, origins: ReadonlyMap<number, PushOrigin>): void;
  /** Resolves when nothing is being caught up with. What cannot be read by then is given up. */
  close(): Promise<void>;
}

export interface CatchUpDeps {
  readonly database: Database;
  readonly online: Online;
  readonly logger: Logger;
  readonly inUse: MembersInUse;
  /** What was committed could not be told: everybody here who may be concerned is to learn the heads. */
  readonly untold: () => void;
}

/** Waits between attempts to read, ms. A database that is away longer is a doubt anyway (see `notices.ts`). */
const pauses = [50, 200, 500, 1_000, 2_000];

export function createCatchUp({ database, online, logger, inUse, untold }: CatchUpDeps): CatchUp {
  const running = new Set<Promise<void>>();
  const closing = new AbortController();

  function run(state: ConversationInUse, act: () => Promise<void>): void {
    const work = patiently(state, act).finally(() => running.delete(work));
    running.add(work);
  }

  /** Devices that miss something would learn of it by the next delta alone, and there may be none: it is tried again. */
  async function patiently(state: ConversationInUse, act: () => Promise<void>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await act();
      } catch (error) {
        const { conversation } = state;
        logger.warn({ err: error, conversation }, 'what was committed could not be read to be told');
        const wait = pauses[attempt];
        if (wait === undefined || closing.signal.aborted) {
          forget(conversation);
          return untold();
        }
        await pause(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  async function catchUpWith(state: ConversationInUse): Promise<void> {
    while (state.told < state.committed) {
      // Of what other nodes commit most has nobody here to be told.
      if (!(await hasReceivers(state))) toldThrough(state, state.committed);
      else if (!(await tellAfter(state, state.told, null, state.origins))) return;
    }
    // In the turn in which nothing is left, so that no commit falls in between.
    state.catchingUp = false;
  }

  /**
   * Reads what was committed after a seq and tells it, up to a last one (null: what is known to be committed) or as much as fits into one
   * answer. False: there is no such conversation any more.
   */
  async function tellAfter(
    state: ConversationInUse,
    after: number,
    last: number | null,
    origins: ReadonlyMap<number, PushOrigin>,
  ): Promise<boolean> {
    const { conversation } = state;
    const pulled = await pullUpdates(database, { conversation, after, user: null, bytes: LIMITS.deltaBytes });
    if (pulled === null) {
      forget(conversation);
      return false;
    }
    if (state.version !== pulled.version) await readMembersOf(state);
    const known = Math.min(pulled.head, last ?? state.committed);
    const through = Math.min(pulled.through, known);
    if (through <= after) {
      // Heard of what is not there: nothing of this database said so.
      forget(conversation);
      return false;
    }
    const rows = pulled.rows.flatMap(({ seq, segment, bytes, replica }): ToldRow[] =>
      seq > through ? [] : [{ seq, segment, bytes, origin: origins.get(seq) ?? null, isDeletion: replica === null }],
    );
    tellRows(online, state, rows, { after, through, head: known, resyncSegments: [...pulled.resyncSegments] });
    if (through > state.told) toldThrough(state, through);
    return true;
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
    behind(state, seq, version) {
      state.committed = Math.max(state.committed, seq);
      if (version !== null && version !== state.version) state.version = null;
      if (state.catchingUp || state.committed <= state.told) return;
      state.catchingUp = true;
      run(state, () => catchUpWith(state));
    },
    early(state, seq, origins) {
      const last = state.from;
      state.from = seq - 1;
      run(state, async () => {
        if (await hasReceivers(state)) await tellAfter(state, seq - 1, last, origins);
      });
    },
    async close() {
      closing.abort();
      while (running.size > 0) await Promise.all(running);
    },
  };
}
