/**
 * What people did in a simulation and what must therefore be true in the end. Every text carries a token of its own, by which it is found
 * again wherever it went.
 */
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { Message } from '#schema/segment/segment-view.ts';

export interface LedgerEntry {
  readonly token: string;
  readonly conversation: ConversationId;
  readonly by: UserId;
  /** `begun`: the act did not come to its end (a crash); it may have happened or not. `unsure`: a fault that may lose it. */
  state: 'begun' | 'durable' | 'emptied' | 'deleted' | 'unsure';
}

export interface Ledger {
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  /** A profile was put back to an old copy so that this message may be written again under another replica (P3), once more than before. */
  mayStandAgain(token: string): void;
  /** How often a message may stand in a timeline: once, but for that. */
  mayStand(token: string): number;
  newToken(kind: 'm' | 'e'): string;
  note(entry: LedgerEntry): void;
  /** All tokens in a text. */
  tokensIn(text: string): string[];
  /** A push left a device with this text: none of it may have been taken back. */
  left(text: string): void;
  /** Faults found while it ran. */
  readonly violations: string[];
}

export function createLedger(): Ledger {
  const entries = new Map<string, LedgerEntry>();
  const violations: string[] = [];
  const copies = new Map<string, number>();
  let last = 0;
  const tokensIn = (text: string): string[] => text.match(/\b[me]\d+\b/g) ?? [];
  return {
    entries,
    violations,
    mayStandAgain: (token) => void copies.set(token, (copies.get(token) ?? 1) + 1),
    mayStand: (token) => copies.get(token) ?? 1,
    tokensIn,
    newToken: (kind) => `${kind}${++last}`,
    note: (entry) => void entries.set(entry.token, entry),
    left(text) {
      for (const token of tokensIn(text)) {
        if (entries.get(token)?.state === 'emptied')
          violations.push(`${token} left its device after it was deleted in the queue`);
      }
    },
  };
}

/** How often each token stands in a timeline: once for each message one of whose versions has it. */
export function countTokens(ledger: Ledger, timeline: readonly Message[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { versions } of timeline) {
    const tokens = new Set(versions.flatMap(({ text }) => ledger.tokensIn(text)));
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}
