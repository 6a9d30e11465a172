/**
 * The awareness of one segment at this node (Y4): who says what of themselves, kept in memory for those who come later, and gone with the
 * socket that said it.
 *
 * A provider repeats whatever it hears of others (y-websocket 3.1 sends every change of its Awareness, its own or not). So a clientID
 * is spoken for by one person's sockets alone, and what others say of it is passed over. What is gone is remembered with its clock for a while, or
 * an echo that was under way would bring it back.
 */
import { LIMITS } from '#schema/limits.ts';
import { GONE, type AwarenessEntry } from './awareness-entries.ts';

/** ClientIDs that went, remembered per segment. */
const mostGone = 64;

interface Known {
  clock: number;
  state: string;
  /** Null: it went. */
  socket: object | null;
}

export interface SegmentAwareness {
  /**
   * What a socket says.
   * @param mayClaim whether a clientID is the socket's to speak for, of which it did not speak last
   * @returns what of it is news, to be told to the other sockets
   */
  heard(socket: object, entries: readonly AwarenessEntry[], mayClaim: (client: number) => boolean): AwarenessEntry[];
  /** Everybody there, for a socket that came. */
  everybody(): AwarenessEntry[];
  /** A socket is gone. Gives what the others are to be told. */
  left(socket: object): AwarenessEntry[];
}

export function createSegmentAwareness(): SegmentAwareness {
  /** Those who went first in the order they went. */
  const known = new Map<number, Known>();

  const isNews = (before: Known | undefined, { clock, state }: AwarenessEntry): boolean => {
    if (!before) return state !== GONE;
    return clock > before.clock || (clock === before.clock && state === GONE && before.state !== GONE);
  };

  const clientsOf = (socket: object): number => {
    let count = 0;
    for (const one of known.values()) if (one.socket === socket) count++;
    return count;
  };

  return {
    heard(socket, entries, mayClaim) {
      const news: AwarenessEntry[] = [];
      for (const entry of entries) {
        const { client, clock, state } = entry;
        const before = known.get(client);
        if (!isNews(before, entry)) continue;
        const mine = before?.socket === socket;
        if (!mine && (clientsOf(socket) >= LIMITS.awarenessClients || !mayClaim(client))) continue;
        known.set(client, { clock, state, socket });
        news.push(entry);
      }
      return news;
    },
    everybody: () =>
      [...known]
        .filter(([, { state }]) => state !== GONE)
        .map(([client, { clock, state }]) => ({ client, clock, state })),
    left(socket) {
      const gone: AwarenessEntry[] = [];
      for (const [client, one] of known) {
        if (one.socket !== socket) continue;
        if (one.state !== GONE) gone.push({ client, clock: one.clock, state: GONE });
        // To the end of the order.
        known.delete(client);
        known.set(client, { clock: one.clock, state: GONE, socket: null });
      }
      forgetOldest();
      return gone;
    },
  };

  function forgetOldest(): void {
    let gone = 0;
    for (const { socket } of known.values()) if (socket === null) gone++;
    for (const [client, { socket }] of known) {
      if (gone <= mostGone) break;
      if (socket !== null) continue;
      known.delete(client);
      gone--;
    }
  }
}
