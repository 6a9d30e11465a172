/** The stock endpoint: `/y/{conversationId}/{segment}` (Y1). */
import { Refusal } from '#schema/errors.ts';
import { ConversationId, SegmentName } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import { decodeUpdate, type ClockRange } from '#schema/segment/update-codec.ts';
import * as Y from 'yjs';
import type { RelayCore } from '../../relay/create-core.ts';
import type { RelayDeps, SignedIn } from '../../relay/relay.ts';
import { grantOnFirstUse } from '../../store/grant-replicas.ts';
import { readSegmentClocks, readSegmentRows } from '../../store/read-stock-segment.ts';
import { storedBundle } from '../../store/stored-items.ts';
import type { SessionSocket } from '../session-socket.ts';
import { TokenBucket } from '../token-bucket.ts';
import { assembleUpdate } from './assemble-update.ts';
import { KnownDeletions } from './known-deletions.ts';
import { encodeStateVector, writeAwareness } from './protocol.ts';
import { StockSession, type StockHandlers } from './stock-session.ts';

export interface StockDoor {
  /** The place a path names, or null. */
  placeOf(path: string): StockPlace | null;
  serve(ws: SessionSocket, who: SignedIn, place: StockPlace, since: number): void;
  close(): Promise<void>;
}

export interface StockPlace {
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
}

/** Users whose reading is metered, whatever the number of their sockets; the one not seen for longest is forgotten. */
const mostMetered = 10_000;
const readSize = { rate: LIMITS.bytesPerSecond, burst: LIMITS.bytesBurst };
/** Silent for this many turns of the keep-alive, a socket is cut. */
const silentTurns = 3;

export function createStockDoor(core: RelayCore, deps: RelayDeps): StockDoor {
  const { database, logger } = deps;
  const { online, figures, intake, reads, waits } = core;
  const now = deps.elapsed ?? (() => performance.now());
  const sessions = new Set<StockSession>();
  const meters = new Map<string, TokenBucket>();
  let emptied: (() => void) | null = null;

  function meterOf(user: string): TokenBucket {
    const meter = meters.get(user) ?? new TokenBucket(readSize, now());
    meters.delete(user);
    meters.set(user, meter);
    const oldest = meters.keys().next();
    if (meters.size > mostMetered && !oldest.done) meters.delete(oldest.value);
    return meter;
  }

  const handlers: StockHandlers = {
    now,
    clocks: ({ conversation, segment, user }) =>
      reads.run(() => readSegmentClocks(database, conversation, segment, user)),
    async missing({ conversation, segment, user }, known) {
      const meter = meterOf(user);
      if (meter.take(0, now()) !== 'fine') throw new Refusal('rate-limited');
      return reads.run(async () => {
        // Rows first: what is merged meanwhile is in the snapshot that is read after them.
        const rows = await readSegmentRows(database, conversation, segment);
        const bundle = await storedBundle(database, conversation, segment);
        const updates = [assembleUpdate(rows, known)];
        if (bundle && bundle.update.length > 0) updates.unshift(Y.diffUpdate(bundle.update, encodeStateVector(known)));
        const bytes = updates.reduce((sum, update) => sum + update.length, 0);
        meter.take(bytes, now());
        figures.pulledBytes.inc(bytes);
        return updates;
      });
    },
    knowsDeletions: ({ conversation, segment }, deletions) =>
      reads.run(async () => {
        const rows = await readSegmentRows(database, conversation, segment);
        const bundle = await storedBundle(database, conversation, segment);
        const known: ClockRange[] = rows.flatMap((row) =>
          row.replica === null ? decodeUpdate(row.bytes).deletions : [],
        );
        if (bundle && bundle.update.length > 0) {
          const merged = decodeUpdate(bundle.update);
          known.push(...merged.deletions, ...merged.gone);
        }
        return new KnownDeletions(known).cover(deletions);
      }),
    hold: ({ user }, replica) => grantOnFirstUse(database, user, replica),
    push(session, update, refused) {
      const { user, conversation, segment } = session;
      intake.take({ user, conversation, segment, update }, { origin: session, stock: true }, (result) => {
        if (result instanceof Refusal) refused(result);
      });
    },
    *others(session) {
      for (const other of online.onSegment(session.conversation, session.segment)) {
        if (other !== session && other instanceof StockSession) yield other;
      }
    },
    failed: (session, error) =>
      logger.warn({ err: error, conversation: session.conversation }, 'a stock provider could not be served'),
    closed(session, code) {
      sessions.delete(session);
      online.leave(session);
      figures.closed.inc({ code: String(code) });
      const gone = session.awareness.gone();
      if (gone) for (const other of handlers.others(session)) other.sendAwareness(writeAwareness(gone));
      if (sessions.size === 0) emptied?.();
    },
  };
  const timer = setInterval(() => {
    const silentSince = now() - silentTurns * waits.awarenessMs;
    for (const session of sessions) {
      if (session.heardAt < silentSince) session.terminate();
      else session.keepAlive();
    }
  }, waits.awarenessMs);

  return {
    placeOf(path) {
      const [, , conversation, segment, ...rest] = path.split('/');
      const place = { conversation: ConversationId.safeParse(conversation), segment: SegmentName.safeParse(segment) };
      if (!place.conversation.success || !place.segment.success || rest.length > 0) return null;
      return { conversation: place.conversation.data, segment: place.segment.data };
    },
    serve(ws, who, place, since) {
      const session = new StockSession(ws, who, place, handlers);
      sessions.add(session);
      ws.serve(session);
      if (!online.admit(session, since)) return session.end(CLOSE.revoked, 'This session has ended.');
      online.join(session);
      void session.open();
    },
    async close() {
      for (const session of sessions) session.end(CLOSE.goingAway, 'The server goes down.');
      if (sessions.size > 0) await new Promise<void>((resolve) => (emptied = resolve));
      clearInterval(timer);
    },
  };
}
