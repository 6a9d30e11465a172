-- commit_updates: the one place where updates become durable. One call is one transaction.
--
-- A chain is a run of updates of one replica in one segment whose clocks follow each other; at most one chain of a
-- (conversation, segment, replica) in a call. A chain is stored whole or not at all. The function
--   1. takes the next seqs of the conversations, and with that the lock on their rows, in the order of their ids (no deadlock). Commands
--      that change memberships lock the same row, so a removal cannot be raced: rule R8,
--   2. with a snapshot taken after the locks, accepts the chains of current members whose replica is granted to them and not
--      retired, whose first clock is the next expected, and whose needs are met,
--   3. stores the rows of each accepted chain under seqs that follow each other, advances the clocks, and gives back the seqs of chains
--      that were refused: numbers stay gapless and in commit order (R7), since nobody else sees the conversation's row meanwhile.
-- Only the caller's COMMIT makes it true; nothing may be acknowledged or broadcast before (R3, R4).
--
-- Chains, by position: conversation, segment, replica, user, first clock, number of events, number of rows, and whether it deletes what
--   somebody else wrote, which takes an owner or admin of a group (D6).
-- Needs: for a chain, a (replica, clock) that must be stored in the same segment (an origin or a target); author not null: the user
--   the replica must have been granted to (D6, D7).
-- Rows: position of the chain, place in the chain from 0, first clock, number of events, and where its bytes are in `row_bytes`, from 1.
--   First clock null: a deletion the relay wrote itself. One blob for all rows costs the caller no encoding of each.
-- Returns a row for each chain, in their order: the outcome; the seq of its first row when 'stored', the others follow; the next clock
--   as it was before; the conversation's version, its transaction id of the last relational change: as long as it is the same, so are
--   the members. Outcomes: 'stored', 'unknown-conversation', 'not-a-member', 'replica-not-yours', 'clock', 'unknown-target',
--   'not-allowed', 'wrong-author'.
--
-- The look-ups are LATERAL … OFFSET 0, and rows are changed by their ctid: each is then one index probe whatever the planner believes
-- about the sizes of the tables. A plan made while they were empty would otherwise be kept by the connection and be wrong for days.
CREATE FUNCTION commit_updates(
  chain_conversation uuid[], chain_segment text[], chain_replica bigint[], chain_user uuid[],
  chain_clock integer[], chain_count integer[], chain_rows integer[], chain_as_admin boolean[],
  need_chain integer[], need_replica bigint[], need_clock integer[], need_author uuid[],
  row_chain integer[], row_place integer[], row_clock integer[], row_count integer[], row_from integer[], row_length integer[], row_bytes bytea
) RETURNS TABLE (outcome text, first_seq bigint, expected integer, version xid8)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  unmet text[];
BEGIN
  UPDATE conversations c SET head_seq = c.head_seq + h.rows, head_xid = pg_current_xact_id()
  FROM (
    SELECT w.conversation, sum(w.rows) AS rows FROM unnest(chain_conversation, chain_rows) AS w (conversation, rows)
    GROUP BY w.conversation ORDER BY w.conversation
  ) h
  WHERE c.id = h.conversation;

  IF cardinality(need_chain) > 0 THEN
    SELECT array_agg(f.reason ORDER BY g.chain) INTO unmet
    FROM generate_subscripts(chain_conversation, 1) AS g (chain)
    LEFT JOIN (
      SELECT n.chain,
             min(CASE WHEN coalesce(k.next_clock, 0) <= n.clock THEN 'unknown-target'
                      WHEN n.author = r.user_id THEN NULL
                      WHEN n.author = chain_user[n.chain] THEN 'not-allowed'
                      WHEN n.author IS NOT NULL THEN 'wrong-author' END) AS reason
      FROM unnest(need_chain, need_replica, need_clock, need_author) AS n (chain, replica, clock, author)
      LEFT JOIN LATERAL (
        SELECT x.next_clock FROM replica_clocks x
        WHERE x.conversation_id = chain_conversation[n.chain] AND x.segment = chain_segment[n.chain] AND x.replica = n.replica OFFSET 0
      ) k ON true
      LEFT JOIN LATERAL (SELECT x.user_id FROM replicas x WHERE x.replica = n.replica OFFSET 0) r ON true
      GROUP BY n.chain
    ) f ON f.chain = g.chain;
  END IF;

  RETURN QUERY
  WITH chains AS MATERIALIZED (
    SELECT t.*, c.place, c.version, k.place AS clock_place, coalesce(k.next_clock, 0) AS expected,
           c.head_seq - sum(t.rows) OVER (PARTITION BY t.conversation) AS seq_before,
           CASE WHEN c.place IS NULL THEN 'unknown-conversation'
                WHEN m.role IS NULL THEN 'not-a-member'
                WHEN r.granted IS NULL THEN 'replica-not-yours'
                WHEN coalesce(k.next_clock, 0) <> t.clock THEN 'clock'
                WHEN t.as_admin AND (c.kind <> 'group' OR m.role = 'member') THEN 'not-allowed'
                ELSE coalesce(unmet[t.chain], 'stored') END AS outcome
    FROM unnest(chain_conversation, chain_segment, chain_replica, chain_user, chain_clock, chain_count, chain_rows, chain_as_admin)
         WITH ORDINALITY AS t (conversation, segment, replica, user_id, clock, count, rows, as_admin, chain)
    LEFT JOIN LATERAL (
      SELECT x.ctid AS place, x.kind, x.head_seq, x.xid AS version FROM conversations x WHERE x.id = t.conversation OFFSET 0
    ) c ON true
    LEFT JOIN LATERAL (
      SELECT x.role FROM memberships x WHERE x.conversation_id = t.conversation AND x.user_id = t.user_id AND x.left_at IS NULL OFFSET 0
    ) m ON true
    LEFT JOIN LATERAL (
      SELECT true AS granted FROM replicas x WHERE x.replica = t.replica AND x.user_id = t.user_id AND x.retired_at IS NULL OFFSET 0
    ) r ON true
    LEFT JOIN LATERAL (
      SELECT x.ctid AS place, x.next_clock FROM replica_clocks x
      WHERE x.conversation_id = t.conversation AND x.segment = t.segment AND x.replica = t.replica OFFSET 0
    ) k ON true
  ),
  accepted AS MATERIALIZED (
    SELECT c.*, (c.seq_before + sum(c.rows) OVER (PARTITION BY c.conversation ORDER BY c.chain) - c.rows + 1)::bigint AS first_seq
    FROM chains c WHERE c.outcome = 'stored'
  ),
  stored AS (
    INSERT INTO updates (conversation_id, seq, segment, replica, clock_from, clock_count, bytes)
    SELECT a.conversation, a.first_seq + w.place, a.segment, CASE WHEN w.clock IS NOT NULL THEN a.replica END, w.clock, w.count,
           substring(row_bytes FROM w.start FOR w.length)
    FROM unnest(row_chain, row_place, row_clock, row_count, row_from, row_length) AS w (chain, place, clock, count, start, length)
    JOIN accepted a ON a.chain = w.chain
  ),
  advanced AS (
    UPDATE replica_clocks k SET next_clock = a.clock + a.count FROM accepted a WHERE k.ctid = a.clock_place
  ),
  begun AS (
    INSERT INTO replica_clocks (conversation_id, segment, replica, next_clock)
    SELECT a.conversation, a.segment, a.replica, a.clock + a.count FROM accepted a WHERE a.clock_place IS NULL
  ),
  given_back AS (
    UPDATE conversations c SET head_seq = c.head_seq - f.rows
    FROM (SELECT x.place, sum(x.rows) AS rows FROM chains x WHERE x.outcome <> 'stored' AND x.place IS NOT NULL GROUP BY x.place) f
    WHERE c.ctid = f.place
  )
  SELECT c.outcome, a.first_seq, c.expected, c.version
  FROM chains c LEFT JOIN accepted a ON a.chain = c.chain
  ORDER BY c.chain;
END $$;
