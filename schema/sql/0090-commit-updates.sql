-- commit_updates: the one place where updates become durable. One call is one transaction.
--
-- A chain is a run of updates of one replica in one segment whose clocks follow each other; at most one chain of a
-- (conversation, segment, replica) in a call. A chain is stored whole or not at all. The function
--   1. locks the conversations in the order of their ids (no deadlock; commands that change memberships lock them too,
--      so a removal cannot be raced: rule R8),
--   2. with a snapshot taken after the locks, accepts the chains of current members whose replica is granted to them and not
--      retired, whose first clock is the next expected, and whose origins and targets are stored,
--   3. gives each row the next seq of its conversation (gapless, in commit order: R7), stores it, advances the clocks.
-- Only the caller's COMMIT makes it true; nothing may be acknowledged or broadcast before (R3, R4).
--
-- Chains, by position: conversation, segment, replica, user, first clock, number of events.
-- Needs: for a chain, a (replica, clock) that must be stored in the same segment (an origin or a target).
-- Rows, in the order they shall be numbered: position of the chain, first clock, number of events, bytes;
--   first clock null: a deletion the relay wrote itself.
-- Returns a row for each chain: outcome 'stored' with the seq of its first row (its rows' seqs are rising, not always
--   adjacent: see row_seqs), or the reason: 'unknown-conversation', 'not-a-member', 'replica-not-yours', 'clock' (expected =
--   the next clock), 'unknown-target'.
CREATE FUNCTION commit_updates(
  chain_conversation uuid[], chain_segment text[], chain_replica bigint[], chain_user uuid[],
  chain_clock integer[], chain_count integer[],
  need_chain integer[], need_replica bigint[], need_clock integer[],
  row_chain integer[], row_clock integer[], row_count integer[], row_bytes bytea[]
) RETURNS TABLE (chain integer, outcome text, row_seqs bigint[], expected integer)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM conversations WHERE id = ANY (chain_conversation) ORDER BY id FOR NO KEY UPDATE;

  RETURN QUERY
  WITH blocked AS MATERIALIZED (
    SELECT DISTINCT n.chain
    FROM unnest(need_chain, need_replica, need_clock) AS n (chain, replica, clock)
    LEFT JOIN replica_clocks k ON k.conversation_id = chain_conversation[n.chain] AND k.segment = chain_segment[n.chain]
                              AND k.replica = n.replica
    WHERE coalesce(k.next_clock, 0) <= n.clock
  ),
  chains AS MATERIALIZED (
    SELECT t.*, c.head_seq,
           CASE WHEN c.id IS NULL THEN 'unknown-conversation'
                WHEN m.user_id IS NULL THEN 'not-a-member'
                WHEN r.replica IS NULL THEN 'replica-not-yours'
                WHEN coalesce(k.next_clock, 0) <> t.clock THEN 'clock'
                WHEN b.chain IS NOT NULL THEN 'unknown-target'
                ELSE 'stored' END AS outcome,
           coalesce(k.next_clock, 0) AS expected
    FROM unnest(chain_conversation, chain_segment, chain_replica, chain_user, chain_clock, chain_count)
         WITH ORDINALITY AS t (conversation, segment, replica, user_id, clock, count, chain)
    LEFT JOIN conversations c ON c.id = t.conversation
    LEFT JOIN memberships m ON m.conversation_id = t.conversation AND m.user_id = t.user_id AND m.left_at IS NULL
    LEFT JOIN replicas r ON r.replica = t.replica AND r.user_id = t.user_id AND r.retired_at IS NULL
    LEFT JOIN replica_clocks k ON k.conversation_id = t.conversation AND k.segment = t.segment AND k.replica = t.replica
    LEFT JOIN blocked b ON b.chain = t.chain
  ),
  numbered AS MATERIALIZED (
    SELECT c.chain, c.conversation, c.segment, c.replica, w.clock, w.count, w.bytes, w.n,
           c.head_seq + row_number() OVER (PARTITION BY c.conversation ORDER BY w.n) AS seq
    FROM unnest(row_chain, row_clock, row_count, row_bytes) WITH ORDINALITY AS w (chain, clock, count, bytes, n)
    JOIN chains c ON c.chain = w.chain AND c.outcome = 'stored'
  ),
  stored AS (
    INSERT INTO updates (conversation_id, seq, segment, replica, clock_from, clock_count, bytes)
    SELECT n.conversation, n.seq, n.segment, CASE WHEN n.clock IS NOT NULL THEN n.replica END, n.clock, n.count, n.bytes FROM numbered n
  ),
  clocks AS (
    INSERT INTO replica_clocks AS k (conversation_id, segment, replica, next_clock)
    SELECT c.conversation, c.segment, c.replica, c.clock + c.count FROM chains c WHERE c.outcome = 'stored'
    ON CONFLICT (conversation_id, segment, replica) DO UPDATE SET next_clock = excluded.next_clock
  ),
  heads AS (
    UPDATE conversations c SET head_seq = h.seq, head_xid = pg_current_xact_id()
    FROM (SELECT n.conversation, max(n.seq) AS seq FROM numbered n GROUP BY n.conversation) h
    WHERE c.id = h.conversation
  )
  SELECT c.chain::integer, c.outcome, s.seqs, c.expected
  FROM chains c
  LEFT JOIN (SELECT n.chain, array_agg(n.seq ORDER BY n.n) AS seqs FROM numbered n GROUP BY n.chain) s ON s.chain = c.chain
  ORDER BY c.chain;
END $$;
