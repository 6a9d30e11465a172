/**
 * Awareness as far as a relay needs it (Y4): what each socket says about the clientIDs it speaks for, bounded, passed on to the other
 * sockets of the segment, told to newcomers, taken back when the socket goes. Nothing is stored.
 *
 * Providers repeat what they hear of others; only the socket that first spoke for a clientID is believed about it.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { LIMITS } from '#schema/limits.ts';

/** What a socket said about a clientID: JSON, `null` when it is gone. */
interface AwarenessState {
  readonly clock: number;
  readonly state: string;
}

interface AwarenessEntry extends AwarenessState {
  readonly client: number;
}

export class SocketAwareness {
  private readonly states = new Map<number, AwarenessState>();

  /** Whether this socket speaks for a clientID. */
  speaksFor(client: number): boolean {
    return this.states.has(client);
  }

  /**
   * Takes note of an awareness update. Gives what of it is to be passed on; null: nothing. What is too large, malformed or about others is left
   * out without a word, as awareness may get lost anyhow.
   * @param others whether another socket of the segment speaks for a clientID
   */
  take(update: Uint8Array, others: (client: number) => boolean): Uint8Array | null {
    if (update.length > LIMITS.awarenessBytes) return null;
    const news: AwarenessEntry[] = [];
    for (const entry of readEntries(update)) {
      const before = this.states.get(entry.client);
      if (!before && (entry.state === 'null' || others(entry.client) || this.states.size >= LIMITS.awarenessClients))
        continue;
      if (before && before.clock > entry.clock) continue;
      this.states.set(entry.client, { clock: entry.clock, state: entry.state });
      news.push(entry);
    }
    return news.length > 0 ? writeEntries(news) : null;
  }

  /** Everything the socket speaks for, for a newcomer; null when it is nothing. */
  all(): Uint8Array | null {
    const present = this.entries().filter((entry) => entry.state !== 'null');
    return present.length > 0 ? writeEntries(present) : null;
  }

  /** What the others are to be told when the socket is gone. */
  gone(): Uint8Array | null {
    const present = this.entries().filter((entry) => entry.state !== 'null');
    return present.length > 0
      ? writeEntries(present.map(({ client, clock }) => ({ client, clock: clock + 1, state: 'null' })))
      : null;
  }

  private entries(): AwarenessEntry[] {
    return [...this.states].map(([client, { clock, state }]) => ({ client, clock, state }));
  }
}

/** The entries of an update; none when it is malformed anywhere: providers parse the JSON unguarded. */
function readEntries(update: Uint8Array): AwarenessEntry[] {
  try {
    const decoder = decoding.createDecoder(update);
    const entries: AwarenessEntry[] = [];
    for (let n = decoding.readVarUint(decoder); n > 0; n--) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const state = decoding.readVarString(decoder);
      JSON.parse(state);
      entries.push({ client, clock, state });
    }
    return entries;
  } catch {
    return [];
  }
}

function writeEntries(entries: readonly AwarenessEntry[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length);
  for (const { client, clock, state } of entries) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, state);
  }
  return encoding.toUint8Array(encoder);
}
