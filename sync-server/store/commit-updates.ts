/** The call of the SQL function `commit_updates` (schema/sql/0090): the one place where updates become durable. */
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** An item that must be stored in the same segment before a chain can be. */
export interface Need {
  readonly replica: number;
  readonly clock: number;
  /** The user its replica must have been granted to; null: whoever. */
  readonly author: UserId | null;
}

/** One row of the log to be. */
export interface NewRow {
  /** The first clock; null: a deletion the relay wrote itself. */
  readonly clock: number | null;
  /** Events in it; 0 for a deletion. */
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Updates of one replica in one segment whose clocks follow each other: stored whole or not at all. */
export interface Chain {
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
  readonly replica: number;
  readonly user: UserId;
  readonly clock: number;
  /** Events in all. */
  readonly count: number;
  /** Whether it deletes what somebody else wrote (D6). */
  readonly asAdmin: boolean;
  readonly needs: readonly Need[];
  readonly rows: readonly NewRow[];
}

/** Why a chain was refused, in the words of the SQL function; `clock`: its first clock is not `expected`. */
export type ChainRefusal =
  | 'unknown-conversation'
  | 'not-a-member'
  | 'replica-not-yours'
  | 'clock'
  | 'unknown-target'
  | 'not-allowed'
  | 'wrong-author';

export interface ChainOutcome {
  readonly outcome: 'stored' | ChainRefusal;
  /** Of the chain's first row; the others follow. 0 unless stored. */
  readonly firstSeq: number;
  /** The replica's next clock in the segment as it was before. */
  readonly expected: number;
  /** The conversation's last relational change: as long as it is the same, so are its members. Null: no such conversation. */
  readonly version: string | null;
}

interface OutcomeRow {
  readonly outcome: 'stored' | ChainRefusal;
  readonly first_seq: number | null;
  readonly expected: number;
  readonly version: string | null;
  readonly [column: string]: unknown;
}

const call = `SELECT * FROM commit_updates($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`;

/**
 * Commits chains in one statement, which is one transaction unless the caller opened one. At most one chain of a (conversation, segment,
 * replica). Gives the outcomes in the order of the chains.
 */
export async function commitUpdates(database: Queryable, chains: readonly Chain[]): Promise<ChainOutcome[]> {
  const rows = await database.query<OutcomeRow>(call, parameters(chains), 'commit-updates');
  return rows.map((row) => ({
    outcome: row.outcome,
    firstSeq: row.first_seq ?? 0,
    expected: row.expected,
    version: row.version,
  }));
}

/**
 * The parameters as PostgreSQL reads arrays: names of conversations, segments and users were parsed before, so nothing in them needs a
 * quote, and the general way of `pg` costs ten times as much.
 */
function parameters(chains: readonly Chain[]): unknown[] {
  const needs = { chain: [] as number[], replica: [] as number[], clock: [] as number[], author: [] as string[] };
  const rows = { chain: [] as number[], place: [] as number[], clock: [] as string[], count: [] as number[] };
  const bytes = { from: [] as number[], length: [] as number[], parts: [] as Uint8Array[] };
  let from = 1;
  chains.forEach((chain, i) => {
    for (const need of chain.needs) {
      needs.chain.push(i + 1);
      needs.replica.push(need.replica);
      needs.clock.push(need.clock);
      needs.author.push(need.author ?? 'NULL');
    }
    chain.rows.forEach((row, place) => {
      rows.chain.push(i + 1);
      rows.place.push(place);
      rows.clock.push(row.clock === null ? 'NULL' : String(row.clock));
      rows.count.push(row.count);
      bytes.from.push(from);
      bytes.length.push(row.bytes.length);
      bytes.parts.push(row.bytes);
      from += row.bytes.length;
    });
  });
  return [
    array(chains.map((chain) => chain.conversation)),
    array(chains.map((chain) => chain.segment)),
    array(chains.map((chain) => chain.replica)),
    array(chains.map((chain) => chain.user)),
    array(chains.map((chain) => chain.clock)),
    array(chains.map((chain) => chain.count)),
    array(chains.map((chain) => chain.rows.length)),
    array(chains.map((chain) => (chain.asAdmin ? 't' : 'f'))),
    array(needs.chain),
    array(needs.replica),
    array(needs.clock),
    array(needs.author),
    array(rows.chain),
    array(rows.place),
    array(rows.clock),
    array(rows.count),
    array(bytes.from),
    array(bytes.length),
    Buffer.concat(bytes.parts),
  ];
}

function array(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}
